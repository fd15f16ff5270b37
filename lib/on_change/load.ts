/**
 * The lines in force: the shipped ones, the node's, those of its parameters, and those of balls.
 *
 * @module
 */
import { type OnChange, parseOnChange } from "../ball/mod.ts";
import { listNames, readList } from "../files/list_files.ts";
import { printable } from "../terminal/printable.ts";

/** What kind of lines: also the name of a ball's file, and with `.d` of the folders. */
export type Kind = "reactions" | "checks";

/** Where lines come from besides the shipped ones. */
export interface Sources {
  /** DISCO's etc root: the node's own files are `<etc>/KIND.d/*.conf`. */
  readonly etc: string;
  /** The node's tree of parameters: `<params>/KIND.d/NAME`. */
  readonly params: string;
  /** The balls' own, in the order of the plan. */
  readonly balls: readonly (readonly OnChange[])[];
}

/**
 * The lines in the order in which they count: shipped ones, those of the node's files, of its
 * parameters, then of balls; each folder in the order of its names. A file replaces one of the same
 * name from before: so an empty file turns a shipped one off.
 *
 * @param shipped The text of each shipped file, by its name.
 */
export function loadLines(
  kind: Kind,
  shipped: Readonly<Record<string, string>>,
  { etc, params, balls }: Sources,
): OnChange[] {
  const files = new Map<string, { text: string; path: string }>();
  for (const [name, text] of Object.entries(shipped)) {
    files.set(name, { text, path: `shipped/${name}` });
  }
  const add = (folder: string, names: readonly string[]) => {
    for (const name of names) {
      const path = `${folder}/${name}`;
      const text = readList(path);
      // What replaces another takes its place in the order.
      files.set(name, { text, path });
    }
  };
  add(`${etc}/${kind}.d`, listNames(`${etc}/${kind}.d`).filter((name) => name.endsWith(".conf")));
  add(`${params}/${kind}.d`, listNames(`${params}/${kind}.d`));
  const common = [...files.values()].flatMap(({ text, path }) => parseOnChange(text, path, kind));
  return [...common, ...balls.flat()];
}

/** Whether a line is one that DISCO ships. */
export function isShipped({ file }: OnChange): boolean {
  return file.startsWith("shipped/");
}

/** Where a line stands. */
export function placeOf({ file, line }: OnChange): string {
  return `${printable(file)}, line ${line}`;
}
