/**
 * What is said of a path that differs: both sides, hashes, and a diff.
 *
 * @module
 */
import { isMissing } from "../door/mod.ts";
import { close, type Stat } from "../posix/mod.ts";
import { ContentReader, DIFF_LIMIT, HASH_LIMIT, type OpenFile, sha256 } from "./content.ts";
import type { Trees } from "./comparison.ts";
import type { Found } from "./found.ts";
import { DiffCutter } from "./cut.ts";
import { entryOf } from "./entry.ts";
import { Hasher } from "./hasher.ts";
import type { Side } from "./side.ts";
import type { Change } from "../result/change.ts";

/** What is needed to describe changes. */
export interface DescribeOptions extends Trees {
  readonly isSecret: (path: string) => boolean;
  /** Put the content of secrets into the changes. */
  readonly reveal: boolean;
}

/** Describes the changes of one difference. */
export class Describer {
  readonly #options: DescribeOptions;
  readonly #cutter = new DiffCutter();
  readonly #hasher = new Hasher();
  /** Of the live root, and of the union. */
  readonly #readers = [new ContentReader(), new ContentReader()] as const;

  constructor(options: DescribeOptions) {
    this.#options = options;
  }

  /** Throws as the {@linkcode Tree} does where something else is at the path meanwhile. */
  async describe(found: Found): Promise<Change> {
    const { live, now, isSecret, reveal, pace } = this.#options;
    const { path, kind, balls, before, after } = found;
    const secret = isSecret(path) || live.readers.isSecret(path, before) ||
      now.readers.isSecret(path, after);
    const change: Change = {
      path,
      kind,
      balls: balls as string[],
      before: before ? entryOf(live, path, before) : null,
      after: after ? entryOf(now, path, after) : null,
      diff: null,
      secret,
      ...found.isTouched ? { touched: true } : {},
    };
    await pace.step();
    if (before?.type === "directory" && kind !== "attributes") {
      change.contained = await this.#count(path);
    }
    if (!found.contentDiffers) {
      // The content was not copied up: the union may show a stand-in's size.
      if (change.before?.size !== undefined) change.after!.size = change.before.size;
      return change;
    }
    await this.#addContent(change, found, secret && !reveal);
    return change;
  }

  async #addContent(change: Change, { path, before, after }: Found, isHidden: boolean) {
    const { live, now } = this.#options;
    const old = before?.type === "file" ? live.openToRead(path, before) : null;
    if (old === undefined) leaveUnread(change);
    try {
      if (isHidden) return;
      const fresh = after?.type === "file" ? now.tree.openFile(path, after) : null;
      try {
        const [ofOld, ofNew] = this.#readers;
        const sides = [
          sideOf(path, old, before, ofOld),
          sideOf(path, fresh, after, ofNew),
        ] as const;
        if (!sides[0] && !sides[1]) return;
        await this.#addHashes(change, sides);
        if (!change.unread) await this.#addDiff(change, sides);
      } finally {
        if (fresh !== null) close(fresh);
      }
    } finally {
      if (typeof old === "number") close(old);
    }
  }

  async #addHashes(change: Change, sides: Sides): Promise<void> {
    for (const [file, entry] of [[sides[0], change.before], [sides[1], change.after]] as const) {
      if (!file || !entry) continue;
      if (file.size > HASH_LIMIT) change.tooLarge = true;
      else if (!file.content) entry.sha256 = await sha256(file, this.#options.pace);
      else {
        entry.sha256 = await this.#hasher.sha256(file.content);
        await this.#options.pace.step(file.size);
      }
    }
  }

  async #addDiff(change: Change, [old, now]: Sides): Promise<void> {
    // Most dances do without it.
    const { startOfDiff } = await import("./text_diff.ts");
    const isShort = (file: SizedFile | null) => file === null || file.content !== null;
    const [before, after] = [old?.content ?? null, now?.content ?? null];
    const start = isShort(old) && isShort(now)
      ? startOfDiff(change.path, before, after, {
        most: this.#cutter.room,
        lines: this.#cutter.lines,
      })
      : null;
    if (start === null) change.binary = true;
    else Object.assign(change, this.#cutter.cut(start.diff, start.omitted));
  }

  /** Everything below a directory of the live root. */
  async #count(path: string): Promise<number> {
    const { live, pace } = this.#options;
    let count = 0;
    const folders = [path];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      for (const { name, type } of entriesOf(live, folder)) {
        count++;
        if (type === "directory") folders.push(`${folder}/${name}`);
      }
      await pace.step();
    }
    return count;
  }
}

interface SizedFile extends OpenFile {
  readonly size: number;
  /** Where it is short enough for a diff. */
  readonly content: Uint8Array<ArrayBuffer> | null;
}

type Sides = readonly [old: SizedFile | null, now: SizedFile | null];

function sideOf(
  path: string,
  fd: number | null | undefined,
  stat: Stat | undefined,
  reader: ContentReader,
): SizedFile | null {
  if (typeof fd !== "number") return null;
  const { size } = stat!;
  return { fd, path, size, content: size <= DIFF_LIMIT ? reader.read({ fd, path }, size) : null };
}

/** What vanishes meanwhile counts no more. */
function entriesOf({ tree }: Side, folder: string) {
  try {
    return tree.list(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Of what may not be read nothing is compared; the file in the union may be made from a stand-in. */
function leaveUnread(change: Change): void {
  change.unread = true;
  delete change.before!.size;
  delete change.after?.size;
}
