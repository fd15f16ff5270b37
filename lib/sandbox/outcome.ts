/**
 * How a script ended, told apart and in words.
 *
 * @module
 */
import { signalName } from "../process/signal_name.ts";

/** How a script ended. */
export type Outcome =
  | { readonly kind: "exited"; readonly code: number }
  | { readonly kind: "signaled"; readonly signal: number }
  | { readonly kind: "late"; readonly seconds: number }
  /** `limit` is what it may use, in bytes; undefined if the machine had no memory left. */
  | { readonly kind: "out-of-memory"; readonly limit: number | undefined }
  /** It waited for the answer to a question that is not answered. */
  | { readonly kind: "hopeless"; readonly question: string }
  | { readonly kind: "interrupted" }
  | { readonly kind: "not-started"; readonly why: string };

/** Whether it did what it should. */
export function isSuccess(outcome: Outcome): boolean {
  return outcome.kind === "exited" && outcome.code === 0;
}

/** What follows the script's name in a message. */
export function describeOutcome(outcome: Outcome): string {
  switch (outcome.kind) {
    case "exited":
      return `ended with exit code ${outcome.code}`;
    case "signaled":
      return `was killed by signal ${signalName(outcome.signal)}`;
    case "late":
      return `did not end within ${outcome.seconds} s and was ended with everything it had started`;
    case "out-of-memory":
      return outcome.limit === undefined
        ? "was ended with everything it had started: the machine had no memory left"
        : `needed more memory than ${Math.floor(outcome.limit / 2 ** 20)} MiB ` +
          "(disco/client/memory) and was ended with everything it had started";
    case "hopeless":
      return `asked "${outcome.question}" again and again, which cannot be answered, and was ended ` +
        "with everything it had started; wait for it in post/";
    case "interrupted":
      return "was interrupted";
    case "not-started":
      return `could not be started: ${outcome.why}`;
  }
}
