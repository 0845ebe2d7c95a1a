/** Prints what each generator did, when the program ends by itself. */
import { addAsyncGenHooks, describeAsyncGen } from 'asyncgen-hooks';

addAsyncGenHooks({
  firstiter(gen) {
    const { name, file, line } = describeAsyncGen(gen);
    console.log(`hooked ${name} ${file}:${line}`);
  },
});
