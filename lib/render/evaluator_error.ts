/**
 * An evaluator that is of no more use.
 *
 * @module
 */

import { MAX_ANSWER } from "./evaluator_lines.ts";

/** The template took too long, or too much memory; the message goes after a colon. */
export class EvaluatorError extends Error {
  override name = "EvaluatorError";

  static tooLong(timeout: number): EvaluatorError {
    return new EvaluatorError(`it took longer than ${timeout / 1000} s`);
  }

  static tooMuch(): EvaluatorError {
    return new EvaluatorError(`what it renders to is larger than ${MAX_ANSWER} MiB`);
  }

  static ended(how: string): EvaluatorError {
    return new EvaluatorError(`the renderer ended (${how}); did it need too much memory?`);
  }
}
