/**
 * An evaluator that is of no more use.
 *
 * @module
 */

/** The template took too long, or too much memory; the message goes after a colon. */
export class EvaluatorError extends Error {
  override name = "EvaluatorError";

  static tooLong(timeout: number): EvaluatorError {
    return new EvaluatorError(`it took longer than ${timeout / 1000} s`);
  }

  static ended(how: string): EvaluatorError {
    return new EvaluatorError(`the renderer ended (${how}); did it need too much memory?`);
  }
}
