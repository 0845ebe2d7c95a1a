import { program } from './program.js';

program().then((record) => console.log(JSON.stringify(record)));
