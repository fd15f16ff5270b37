/**
 * What must come of a dance or a check that prints a document: its changes, effects and gaps.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { Change, ChangeKind, Result } from "../../mod.ts";
import type { CheckResult } from "../../lib/check/mod.ts";
import { Act, has, type Word } from "./act.ts";
import type { Outcome } from "./process.ts";

/** How a command with `--json` ended, and the document that it printed. */
export interface Told<R> extends Outcome {
  readonly result: R;
}

/** A dance with `--json`: how it ended, and what it said about itself. */
export type Danced = Told<Result>;

/** A check with `--json`. */
export type Checked = Told<CheckResult>;

/** The marks of changes: `! ` is a change of type, `@ ` one of attributes only. */
const MARKS: Readonly<Record<ChangeKind, string>> = {
  created: "+",
  modified: "~",
  deleted: "-",
  replaced: "!",
  attributes: "@",
};

/** Changes as lines of mark and path, such as `+ /etc/x`. */
export function markedPaths(changes: readonly Pick<Change, "kind" | "path">[]): string[] {
  return changes.map(({ kind, path }) => `${MARKS[kind]} ${path}`);
}

/** A dance, live or dry. */
export class Dance extends Act<Danced> {
  /** It ends well, and says so. */
  override ok(): this {
    return super.ok().expect(({ result }) => assertEquals([result.ok, result.error], [true, null]));
  }

  /** It changes these paths and no others, each with its mark: `+ /etc/x`; see `markedPaths`. */
  changes(...lines: readonly string[]): this {
    return this.expect(({ result }) => assertEquals(markedPaths(result.changes), lines));
  }

  /** Its changes are on the live root. */
  merges(): this {
    return this.expect(({ result }) => assertEquals(result.merged, true, "nothing was merged"));
  }

  /** Nothing of it is on the live root. */
  mergesNothing(): this {
    return this.expect(({ result }) => assertEquals(result.merged, false, "it was merged"));
  }

  /** It asks for these effects and no others, in this order: command lines. */
  effects(...lines: readonly string[]): this {
    return this.expect(({ result }) => {
      assertEquals(result.effects.map(({ argv }) => argv.join(" ")), lines);
    });
  }

  /** Each ball ends so, in the order of the plan. */
  balls(statuses: Readonly<Record<string, "ok" | "failed" | "skipped">>): this {
    return this.expect(({ result }) => {
      const lines = result.balls.map(({ name, status }) => `${name} ${status}`);
      assertEquals(lines, Object.entries(statuses).map((entry) => entry.join(" ")));
    });
  }

  /** It names so many things that it could not try, each with its word; none without words. */
  gaps(...words: readonly Word[]): this {
    return this.expect(({ result }) => {
      const gaps = result.notSimulated.map(({ what }) => what);
      assertEquals(gaps.length, words.length, `it could not try: ${gaps.join("; ")}`);
      for (const [i, word] of words.entries()) {
        assert(has(gaps[i]!, word), `"${gaps[i]}" does not hold ${word}`);
      }
    });
  }
}

/** A check of a ball. */
export class Check extends Act<Checked> {
  /** The ball passes. */
  override ok(): this {
    return super.ok().expect(({ result }) => assertEquals(result.ok, true));
  }

  /** What it finds of the ball; the exit code is another matter. */
  finds(verdict: Partial<Pick<CheckResult, "predictable" | "idempotent" | "needsNetwork">>): this {
    return this.expect(({ result }) => {
      const found = Object.keys(verdict).map((key) => [key, result[key as keyof typeof verdict]]);
      assertEquals(Object.fromEntries(found), verdict);
    });
  }

  /** The live run changes these paths and no others, each with its mark; see `markedPaths`. */
  changes(...lines: readonly string[]): this {
    return this.expect(({ result }) => assertEquals(markedPaths(result.changes), lines));
  }

  /** A second run changes these, in the same way. */
  again(...lines: readonly string[]): this {
    return this.expect(({ result }) => assertEquals(markedPaths(result.again), lines));
  }

  /** These paths come out otherwise than predicted. */
  surprises(...paths: readonly string[]): this {
    return this.expect(({ result }) => {
      assertEquals(result.surprises.map(({ path }) => path), paths);
    });
  }
}

/** The document on standard output, which must be nothing else. */
export function documentOf<R>(outcome: Outcome): Told<R> {
  try {
    return { ...outcome, result: JSON.parse(outcome.stdout) };
  } catch {
    throw new Error(`It printed no JSON document: ${outcome.stdout}${outcome.stderr}`);
  }
}
