/**
 * A check on a throw-away host.
 *
 * @module
 */
import type { CheckResult } from "../../lib/check/mod.ts";
import { FROM_GIVEN } from "../dance/support.ts";
import type { Outcome, ThrowawayHost } from "../host/mod.ts";

/** How a check ended, and what it said. */
export interface Checked extends Outcome {
  readonly result: CheckResult;
}

/** Check a ball of the given universe with `--json`; standard output must be one document. */
export async function check(
  host: ThrowawayHost,
  word: string,
  options: readonly string[] = FROM_GIVEN,
): Promise<Checked> {
  const outcome = await host.disco("check", word, "--json", ...options);
  try {
    return { ...outcome, result: JSON.parse(outcome.stdout) };
  } catch {
    throw new Error(`The check printed no JSON document: ${outcome.stdout}${outcome.stderr}`);
  }
}

/** The paths of changes or surprises. */
export function pathsOf(list: readonly { path: string }[]): string[] {
  return list.map(({ path }) => path);
}
