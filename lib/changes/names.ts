/**
 * Names of one file in the union.
 *
 * @module
 */
import type { Stat } from "../posix/mod.ts";
import type { Found } from "./found.ts";

/** One name of a file that has several. */
export interface Name {
  readonly path: string;
  readonly balls: readonly string[];
  readonly before: Stat | undefined;
  readonly after: Stat;
  /** The layers say that it was copied from a live file, which had one name then. */
  readonly isCopy: boolean;
}

/** The names that a comparison comes by, file by file. */
export class Names {
  readonly #files = new Map<string, Map<string, Name>>();

  /** @param file Which file of the union it is. */
  note(file: string, name: Name): void {
    const known = this.#files.get(file);
    if (known) known.set(name.path, name);
    else this.#files.set(file, new Map([[name.path, name]]));
  }

  /** Paths that are names of one file, where it has several. */
  linked(): string[][] {
    return this.#several().map((names) => names.map(({ path }) => path));
  }

  /**
   * What was found, and the names that looked like other files of the live root and are names of the
   * same file now: all but one of these files are replaced.
   */
  withRelinked(found: readonly Found[]): Found[] {
    const byPath = new Map(found.map((one) => [one.path, one]));
    for (const names of this.#several()) {
      const kept = names.filter(({ path, before, after }) =>
        before?.type === after.type && (byPath.get(path)?.kind ?? "attributes") === "attributes"
      );
      const files = Map.groupBy(kept, ({ before }) => `${before!.dev}/${before!.ino}`);
      if (files.size < 2) continue;
      const one = fileThatStays([...files.values()]);
      for (const { path, balls, before, after } of kept.filter((name) => !one.includes(name))) {
        byPath.set(path, {
          ...{ path, balls, before, after },
          ...{ kind: "modified", contentDiffers: true, isTouched: false, isOnlyTime: false },
        });
      }
    }
    return [...byPath.values()];
  }

  #several(): Name[][] {
    return [...this.#files.values()].filter((names) => names.size > 1)
      .map((names) => [...names.values()]);
  }
}

/** A file with several names leaves no mark on its copies (overlayfs.rst), one with one name does. */
function fileThatStays(files: readonly Name[][]): readonly Name[] {
  const isOne = (names: Name[]) => names[0]!.isCopy === (names[0]!.before!.nlink === 1);
  return files.find(isOne) ?? files[0]!;
}
