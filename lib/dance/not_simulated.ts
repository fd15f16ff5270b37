/**
 * What a dance could not try, for the report: a clean dry run must be worth trusting.
 *
 * @module
 */
import { commandLine, readDenied } from "../effects/mod.ts";
import { ADVICE, type Refusal } from "../sandbox/mod.ts";
import { printable, warning } from "../terminal/mod.ts";
import type { Dance } from "./dance.ts";

/** Keep what a script was refused, and tell its author what to do about it. */
export function noteRefusals(
  dance: Dance,
  ball: string,
  script: string,
  refusals: readonly Refusal[],
): void {
  for (const { kind, what } of refusals) {
    dance.progress.notSimulated.push({ ball, script, kind, what });
    warning(
      `${ball}/${printable(script)} was refused (${kind}): ${printable(what)}\n  what to do: ${
        ADVICE[kind]
      }`,
    );
  }
}

/** What the policy denied a ball's scripts so far. */
export function deniedIn(dance: Dance): Refusal[] {
  return readDenied(dance.mounted.folder("effects"))
    .map(({ argv }) => ({ kind: "denied", what: commandLine(argv) }));
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
    .map(({ kind, what }) => `it was refused ${printable(what)} (${kind}): ${ADVICE[kind]}`)
    .join("; ");
}
