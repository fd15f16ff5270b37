/**
 * What a dance could not try, for the report: a clean dry run must be worth trusting.
 *
 * @module
 */
import { commandLine } from "../effects/mod.ts";
import { ADVICE, type Refusal } from "../sandbox/mod.ts";
import { printable, shellWord, shortened, warning } from "../terminal/mod.ts";
import type { Dance } from "./dance.ts";

/** Characters of one refusal that are shown and kept, and refusals of a dance that are. */
const LONGEST = 1000;
const MOST = 2000;

/** Keep what a script was refused, and tell its author what to do about it. */
export function noteRefusals(
  dance: Dance,
  ball: string,
  script: string,
  refusals: readonly Refusal[],
): void {
  const { notSimulated } = dance.progress;
  for (const refusal of refusals) {
    const { kind } = refusal;
    const what = shortened(refusal.what, LONGEST);
    if (notSimulated.length > MOST) return;
    if (notSimulated.length === MOST) {
      notSimulated.push({ ball, script, kind, what: "and more, which is not listed" });
      return warning(
        `${shellWord(`${ball}/${script}`)}: more than ${MOST} refusals: the rest is not shown`,
      );
    }
    notSimulated.push({ ball, script, kind, what });
    warning(
      `${shellWord(`${ball}/${script}`)} was refused (${kind}): ${what}`,
      `  what to do: ${ADVICE[kind]}`,
    );
  }
}

/** What the policy denied, as refusals. */
export function asRefusals(denied: readonly string[]): Refusal[] {
  return denied.map((what) => ({ kind: "denied", what }));
}

/** In a dry run effects and post scripts are not carried out: they are listed with the rest. */
export function notePutOff(dance: Dance): void {
  const { noop } = dance.context;
  const { progress } = dance;
  progress.notSimulated = progress.notSimulated
    .filter(({ kind }) => kind !== "effect" && kind !== "post");
  if (!noop) return;
  for (const { ball, script, argv } of progress.results) {
    const isPost = script.startsWith("post/");
    progress.notSimulated.push({
      ball,
      script,
      kind: isPost ? "post" : "effect",
      what: isPost ? "runs on the live system after the merge" : commandLine(argv),
    });
  }
}

/** What to do about refusals, for the message of a script that failed; undefined without any. */
export function hintFor(refusals: readonly Refusal[]): string | undefined {
  if (refusals.length === 0) return undefined;
  const kinds = new Map(refusals.map((refusal) => [refusal.kind, refusal]));
  return [...kinds.values()]
    .map(({ kind, what }) =>
      `it was refused ${printable(shortened(what, LONGEST))} (${kind}): ${ADVICE[kind]}`
    )
    .join("; ");
}
