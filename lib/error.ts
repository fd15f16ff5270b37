/**
 * What DISCO says when it cannot go on.
 *
 * @module
 */

/** How a command ends: 1 failed, 3 used wrongly, 4 another dance holds the lock. */
export type FailureCode = 1 | 3 | 4;

/**
 * An error meant for the administrator: what was being done, to what, what went wrong. `hint` says
 * what to do next. Everything else that is thrown is a defect of DISCO.
 */
export class DiscoError extends Error {
  /** What the class is called in a stack trace. */
  override name = "DiscoError";
  /** What to do next, if that is known. */
  readonly hint: string | undefined;
  /** How the command ends. */
  readonly code: FailureCode;

  /** `message` begins with "Cannot", and what was being done, to what. */
  constructor(
    message: string,
    options: { hint?: string; code?: FailureCode; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.hint = options.hint;
    this.code = options.code ?? 1;
  }
}

/** The message of anything that can be thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
