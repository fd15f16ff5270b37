/**
 * The evaluator as a worker, for the compiled binary. Needs `"unstable": ["worker-options"]` in
 * `deno.json`, which `deno compile` takes over into the binary; without it Deno ends the program
 * with a message, it does not give the worker more permissions.
 *
 * @module
 */
import type { Evaluator } from "./evaluator.ts";
import program from "./evaluator.js" with { type: "text" };
import { EvaluatorError } from "./evaluator_error.ts";

interface WorkerOptionsOfDeno extends WorkerOptions {
  deno: { permissions: "none" };
}

/** Start the worker. */
export function evaluatorWorker(): Evaluator {
  const options: WorkerOptionsOfDeno = { type: "module", deno: { permissions: "none" } };
  const worker = new Worker(`data:text/javascript,${encodeURIComponent(program)}`, options);

  return {
    async ask(request, timeout) {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      worker.onmessage = ({ data }) => resolve(String(data));
      worker.onerror = (event) => {
        event.preventDefault();
        reject(EvaluatorError.ended(event.message));
      };
      const timer = setTimeout(() => reject(EvaluatorError.tooLong(timeout)), timeout);
      try {
        worker.postMessage(request);
        return await promise;
      } finally {
        clearTimeout(timer);
      }
    },
    close() {
      worker.terminate();
      return Promise.resolve();
    },
  };
}
