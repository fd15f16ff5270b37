/**
 * Compares what was predicted with what was done, path by path.
 *
 * @module
 */
import type { Change, Result } from "../../mod.ts";
import { isExcused } from "./excuses.ts";

/** What a comparison came to. */
export interface Comparison {
  /** All paths that were predicted, done, or found changed. */
  readonly paths: ReadonlySet<string>;
  /** Those of which the content differs, as it does between any two runs. */
  readonly excused: ReadonlySet<string>;
  /** What was not as predicted, a line each. */
  readonly wrong: readonly string[];
}

/** Compare the changes and effects that two dances tell of. */
export function compareResults(dry: Result, live: Result): Comparison {
  const [predicted, done] = [byPath(dry), byPath(live)];
  const paths = new Set([...predicted.keys(), ...done.keys()]);
  const excused = new Set<string>();
  const wrong: string[] = [];
  for (const path of paths) {
    const [before, after] = [predicted.get(path), done.get(path)];
    if (!before || !after) {
      wrong.push(`${path}: ${before ? "predicted, but not done" : "done, but not predicted"}`);
      continue;
    }
    const fields = differingFields(before, after);
    const left = fields.filter((field) => !(isExcused(path) && CONTENT.includes(field)));
    for (const field of left) {
      wrong.push(`${path}: ${field} ${show(before[field])} -> ${show(after[field])}`);
    }
    if (fields.length > left.length) excused.add(path);
  }
  const [would, did] = [dry, live].map(({ effects }) => effects.map(({ argv }) => argv));
  if (show(would) !== show(did)) wrong.push(`effects: ${show(would)} -> ${show(did)}`);
  return { paths, excused, wrong };
}

/** Fields that tell of a file's content. */
const CONTENT = ["size", "sha256", "diff", "binary"];

type Fields = Readonly<Record<string, unknown>>;

function byPath({ changes }: Result): Map<string, Fields> {
  return new Map(changes.map((change) => [change.path, fieldsOf(change)]));
}

/** Everything that a change says, but for the time at which it was written. */
function fieldsOf({ after, ...change }: Change): Fields {
  return { ...change, gone: after === null, ...after, mtime: undefined };
}

function differingFields(a: Fields, b: Fields): string[] {
  const fields = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...fields].filter((field) => show(a[field]) !== show(b[field]));
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? "nothing";
}
