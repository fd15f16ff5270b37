/**
 * What DISCO says when it cannot go on.
 *
 * @module
 */

/**
 * How a command ends: 1 failed, 3 used wrongly, 4 another dance holds the lock, 5 a merge waits for its
 * confirmation.
 */
export type FailureCode = 1 | 3 | 4 | 5;

/**
 * An error meant for the administrator: what was being done, to what, what went wrong. `hint` says
 * what to do next. Whatever else is thrown becomes one of these on its way, see
 * {@linkcode explained}.
 */
export class DiscoError extends Error {
  /** What the class is called in a stack trace. */
  override name = "DiscoError";
  /** What to do next, if that is known. */
  readonly hint: string | undefined;
  /** How the command ends. */
  readonly code: FailureCode;
  /** The last lines of what the command that failed has printed. */
  readonly output: readonly string[];

  /** `message` begins with "Cannot", and what was being done, to what. */
  constructor(
    message: string,
    options: {
      hint?: string;
      code?: FailureCode;
      cause?: unknown;
      output?: readonly string[];
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.hint = options.hint;
    this.code = options.code ?? 1;
    this.output = options.output ?? [];
  }
}

/** The message of anything that can be thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const DEFECT =
  "this may be a defect of DISCO: run it again with --verbose, and report what it says";

/** What the runtime says when something is too large for it, and what that means. */
const TOO_LARGE: readonly (readonly [said: RegExp, meaning: string])[] = [
  [/Maximum call stack size exceeded/, "it is nested too deeply"],
  [
    /Invalid (string|array|typed array) length|allocation failed/i,
    "it is too large for the memory",
  ],
];

/** What was thrown, as an error for the administrator. `doing` follows "Cannot": `apply ball "web"`. */
export function explained(error: unknown, doing: string): DiscoError {
  if (error instanceof DiscoError) return error;
  const message = messageOf(error);
  const large = error instanceof RangeError && TOO_LARGE.find(([said]) => said.test(message));
  if (large) return new DiscoError(`Cannot ${doing}: ${large[1]} (${message})`, { cause: error });
  if (isOfSystem(error)) {
    const reason = message.replace(/^Cannot /, "cannot ").replace(/ \(os error \d+\)/, "");
    return new DiscoError(`Cannot ${doing}: ${reason}`, { cause: error });
  }
  const kind = error instanceof Error ? `${error.name}: ` : "";
  return new DiscoError(`Cannot ${doing}: ${kind}${message}`, { cause: error, hint: DEFECT });
}

/** Whether the kernel has said so: a system call of DISCO's own, or of the runtime. */
function isOfSystem(error: unknown): boolean {
  return error instanceof Error && (error.name === "SyscallError" ||
    Object.values(Deno.errors).some((kind) => error instanceof kind) ||
    "code" in error && typeof error.code === "string" && /^E[A-Z0-9]+$/.test(error.code));
}
