import './a.js';
import { done, record } from './b.js';

done.then(() => console.log(JSON.stringify(record)));
