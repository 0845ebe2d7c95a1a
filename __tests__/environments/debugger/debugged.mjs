/**
 * Runs a program under V8's debugger, in a process of its own: a worker thread holds the debugger
 * (`connectToMainThread`), so that no port is opened. Prints the stops as JSON.
 *
 *     node debugged.mjs '{"file", "breakpoints", "step", "skip", "exceptions", "limit"}'
 */
import { Session } from 'node:inspector';
import { writeSync } from 'node:fs';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

async function main() {
  const plan = JSON.parse(process.argv[2]);
  const worker = new Worker(new URL(import.meta.url), { workerData: plan });
  await new Promise((resolve) => worker.once('message', resolve));
  // Reported by the program as an uncaught error would be; the stops are what counts.
  process.on('uncaughtException', () => {});
  await import(pathToFileURL(plan.file).href).catch(() => {});
  await new Promise((resolve) => setImmediate(resolve));
  worker.postMessage('end');
}

function debug({ file, breakpoints = [], step, skip = [], exceptions = 'none', limit = 200 }) {
  const session = new Session();
  session.connectToMainThread();
  const post = (method, params) =>
    new Promise((resolve, reject) => {
      session.post(method, params, (error, result) => (error ? reject(error) : resolve(result)));
    });
  const urls = new Map();
  const stops = [];
  session.on('Debugger.scriptParsed', ({ params }) => urls.set(params.scriptId, params.url));
  session.on('Debugger.paused', ({ params: { reason, callFrames } }) => {
    const [{ location, functionName }] = callFrames;
    stops.push({
      reason,
      file: basename(urls.get(location.scriptId)),
      function: functionName,
      line: location.lineNumber + 1,
      column: location.columnNumber,
    });
    void post(step === undefined || stops.length >= limit ? 'Debugger.resume' : step);
  });
  parentPort.once('message', () => {
    session.disconnect();
    writeSync(1, JSON.stringify(stops));
    process.exit();
  });
  void (async () => {
    await post('Debugger.enable');
    await post('Debugger.setPauseOnExceptions', { state: exceptions });
    await post('Debugger.setBlackboxPatterns', { patterns: skip });
    for (const { line, column } of breakpoints) {
      await post('Debugger.setBreakpointByUrl', {
        url: pathToFileURL(file).href,
        lineNumber: line - 1,
        columnNumber: column,
      });
    }
    parentPort.postMessage('ready');
  })();
}

if (isMainThread) await main();
else debug(workerData);
