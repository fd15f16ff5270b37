/**
 * Templates are code from the server, and a dry run must change nothing: so they are carried out
 * where they can do nothing but compute, in a process of their own without any of Deno's
 * permissions. (A worker would share the memory, and Deno gives it fewer permissions only with an
 * unstable flag. The compiled binary cannot start another program than itself, and so has to use
 * one.)
 *
 * @module
 */
import { evaluatorProcess } from "./evaluator_process.ts";
import { evaluatorWorker } from "./evaluator_worker.ts";

/** Something that answers requests of `evaluator.js`, one at a time. */
export interface Evaluator {
  /** Throws an {@linkcode EvaluatorError} when it takes longer than `timeout` ms, or dies. */
  ask(request: string, timeout: number): Promise<string>;
  /** End it; no more requests. */
  close(): Promise<void>;
}

/** Start one, as this runtime can. */
export function startEvaluator(): Evaluator {
  return Deno.build.standalone ? evaluatorWorker() : evaluatorProcess();
}
