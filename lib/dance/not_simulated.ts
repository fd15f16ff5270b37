/**
 * What a dance could not try, for the report: a clean dry run must be worth trusting.
 *
 * @module
 */
import type { Difference } from "../changes/mod.ts";
import { commandLine, type Denial, writesOf } from "../effects/mod.ts";
import type { EffectResult, NotSimulatedKind } from "../result/mod.ts";
import { ADVICE, type Refusal } from "../sandbox/mod.ts";
import { printable, shellWord, shortened, warning } from "../terminal/mod.ts";
import type { Dance } from "./dance.ts";

/** Characters of one refusal that are shown and kept, and refusals of a dance that are. */
const LONGEST = 1000;
const MOST = 2000;

/** Where something was met that the union could not try. */
interface Place {
  /** The ball that met it; without one, none did. */
  readonly ball?: string;
  /** The script that met it, relative to the ball. */
  readonly script?: string;
}

/** Note something that the union could not try, once; false if it is known already. */
export function noteUntried(
  { progress }: Dance,
  kind: NotSimulatedKind,
  what: string,
  { ball = "", script = "" }: Place = {},
): boolean {
  const isKnown = progress.notSimulated.some((one) =>
    one.what === what && one.kind === kind && one.ball === ball && one.script === script
  );
  if (!isKnown) progress.notSimulated.push({ ball, script, kind, what });
  return !isKnown;
}

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
      kind === "ended" || kind === "hidden"
        ? `${shellWord(`${ball}/${script}`)}: ${what}`
        : `${shellWord(`${ball}/${script}`)} was refused (${kind}): ${what}`,
      `  what to do: ${adviceOn(refusal)}`,
    );
  }
}

/** What the policy denied, as refusals. */
export function asRefusals(denied: readonly Denial[]): Refusal[] {
  return denied.map((denial) => ({ kind: "denied", ...denial }));
}

function adviceOn({ kind, advice }: Refusal): string {
  return advice ?? ADVICE[kind];
}

/** Note files that are not carried over, and names that part from other names of their file. */
export function noteOfFiles(dance: Dance, { skipped, parted = [] }: Difference): void {
  for (const { path, why } of skipped) {
    noteUntried(dance, "socket", `${path} is not carried over: ${why}`);
  }
  for (const { path, balls, others, stay, isMoved } of parted) {
    const names = others === 1
      ? `another name, which ${stay ? "stays as it is" : "becomes a file of its own"}`
      : `${others} other names, which ${stay ? "stay as they are" : "become files of their own"}`;
    const what = isMoved
      ? `${path} becomes a file of its own, also if it was moved: it had ${names}`
      : `${path} has ${names}, also if it was changed in place`;
    noteUntried(dance, "names", what, { ball: balls.at(-1) ?? "" });
  }
}

/** In a dry run effects and post scripts are not carried out: they are listed with the rest. */
export function notePutOff(dance: Dance, results: readonly EffectResult[]): void {
  const { noop } = dance.context;
  const { progress } = dance;
  progress.notSimulated = progress.notSimulated
    .filter(({ kind }) => kind !== "effect" && kind !== "post");
  if (!noop) return;
  for (const { ball, script, argv } of results) {
    const isPost = script.startsWith("post/");
    const what = isPost ? "runs on the live system after the merge" : whatOf(argv);
    progress.notSimulated.push({ ball, script, kind: isPost ? "post" : "effect", what });
  }
}

function whatOf(argv: readonly string[]): string {
  const files = writesOf(argv);
  return files ? `${commandLine(argv)}, which changes ${files}` : commandLine(argv);
}

/** What to do about refusals, for the message of a script that failed; undefined without any. */
export function hintFor(refusals: readonly Refusal[]): string | undefined {
  if (refusals.length === 0) return undefined;
  const kinds = new Map(refusals.map((refusal) => [refusal.kind, refusal]));
  return [...kinds.values()]
    .map((refusal) =>
      (["ended", "hidden"].includes(refusal.kind) ? "" : "it was refused ") +
      `${printable(shortened(refusal.what, LONGEST))} (${refusal.kind}): ` +
      adviceOn(refusal)
    )
    .join("; ");
}
