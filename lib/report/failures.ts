/**
 * What went wrong in a dance, each thing once.
 *
 * @module
 */
import { printableLine, shellWord } from "../terminal/printable.ts";
import type { EffectResult, OwedEffect, Result } from "../result/result.ts";
import { owedWords } from "../result/words.ts";

/** Something that went wrong. */
export interface Failure {
  readonly what: string;
  readonly why: string;
  /** The last lines that it printed. */
  readonly said: readonly { readonly text: string }[];
}

/** What went wrong: the dance, its balls, its effects, and what is owed. */
export function failuresOf(result: Result): Failure[] {
  const effects = result.effects.filter(({ status }) => status === "failed");
  const checks = (result.checks ?? []).filter(({ status }) => status === "failed");
  // What a check says stands in the errors of its ball and of the dance, too: once is enough.
  const isOfCheck = (error: string | null) =>
    checks.some((check) => check.error !== undefined && error?.includes(check.error));
  return [
    ...result.error === null || isOfCheck(result.error)
      ? []
      : [{ what: "the dance", why: result.error, said: [] }],
    ...result.balls.filter(({ status, error }) => status === "failed" && !isOfCheck(error))
      .map(({ name, error, output }) => ({
        what: `ball ${name}`,
        why: error ?? "",
        said: saidOf(output),
      })),
    ...checks.map(({ argv, path, error, output }) => ({
      what: `the check ${argv.map(shellWord).join(" ")} [${shellWord(path)}]`,
      why: error ?? "",
      said: saidOf(output),
    })),
    ...effects.map(({ argv, ball, script, error, output }) => ({
      what: `${argv.map(shellWord).join(" ")} [${ball}/${script}]`,
      why: error ?? "",
      said: saidOf(output),
    })),
    ...(result.owed ?? []).filter((one) => !effects.some((effect) => isSame(one, effect)))
      .map((one) => ({ what: "owed", why: owedWords(one), said: [] })),
  ];
}

/** Whether what is owed is what has just failed: that is said once. */
function isSame(owed: OwedEffect, { ball, script, argv }: EffectResult): boolean {
  return owed.ball === ball && owed.script === script &&
    JSON.stringify(owed.argv) === JSON.stringify(argv);
}

/** As lines of a diff are: their tabs stay. */
function saidOf(output: readonly string[] = []): { text: string }[] {
  return output.map((text) => ({ text: printableLine(text) }));
}
