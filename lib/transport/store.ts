/**
 * What was fetched, on this machine, and how it is replaced as a whole.
 *
 * A fetch collects what is new or changed in a staging folder beside the store (so that everything
 * is a rename on one file system), writes down which folder goes where, and then moves them. Before
 * that note is complete the store has not been touched, and the next fetch throws the staging away;
 * after it the next fetch finishes the moves, so a fetch that is killed at any point leaves the old
 * universe or the new one.
 *
 *     fetching/lock           held by the fetch in progress
 *     fetching/new-XXXX/      the staging, and what belongs to single calls of rsync
 *     fetching/commit.json    the note
 *
 * @module
 */
import { dirname, join } from "@std/path";
import type { Context } from "../context/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { type Kind, KINDS } from "./address.ts";
import { type Fetched, saveFetched } from "../state/fetched.ts";
import { isFolder, isThere } from "../files/look.ts";
import { writeOwn } from "../files/write_own.ts";
import type { Places } from "./remote.ts";
import { removeWhole } from "./weigh.ts";

/** The note: what is moved where; a folder that is already there is thrown away. */
interface Commit {
  staging: string;
  moves: { from: string; to: string }[];
  /** Folders that nothing needs any more. */
  drop: string[];
  fetched: Fetched;
}

/** The store of a node, locked against other fetches until it is disposed of. */
export class Store implements Disposable {
  readonly #context: Context;
  readonly #folder: string;
  readonly #lock: Deno.FsFile;
  /** Where the items are. */
  readonly here: Places;
  /** Where new ones are collected; the folders exist. */
  readonly staging: Places;
  /** For what belongs to single calls of rsync. */
  readonly work: string;
  /** Where the merged parameters are collected. */
  readonly mergedStaging: string;
  readonly #root: string;
  readonly #staged: { kind: Kind; name: string }[] = [];

  /** Open the store; finish or throw away what an earlier fetch left. */
  constructor(context: Context) {
    const { roots } = context;
    this.#context = context;
    this.here = {
      parameters: join(roots.fetched, "universe/parameters"),
      groups: join(roots.fetched, "universe/groups"),
      balls: roots.localstore,
    };
    this.#folder = join(roots.fetched, "fetching");
    // The modes inside are the server's: nobody else gets that far.
    Deno.mkdirSync(roots.fetched, { recursive: true });
    for (
      const dir of [this.#folder, join(roots.fetched, "universe"), ...Object.values(this.here)]
    ) {
      Deno.mkdirSync(dir, { recursive: true });
      Deno.chmodSync(dir, 0o700);
    }
    this.#lock = takeLock(join(this.#folder, "lock"));
    try {
      this.#recover();
      this.#root = Deno.makeTempDirSync({ dir: this.#folder, prefix: "new-" });
    } catch (error) {
      this.#lock.close();
      throw error;
    }
    this.staging = {
      parameters: join(this.#root, "parameters"),
      groups: join(this.#root, "groups"),
      balls: join(this.#root, "balls"),
    };
    this.mergedStaging = join(this.#root, "merged", context.node);
    this.work = join(this.#root, "calls");
    for (
      const dir of [...Object.values(this.staging), dirname(this.mergedStaging), this.work]
    ) {
      Deno.mkdirSync(dir, { mode: 0o700 });
    }
  }

  [Symbol.dispose](): void {
    if (!this.#removeEmpty()) this.#clean();
    this.#lock.close();
  }

  /** The names among those given that are here, whatever they hold. */
  present(kind: Kind, names: readonly string[]): string[] {
    return names.filter((name) => isFolder(join(this.here[kind], name)));
  }

  /** Say that an item has been fetched into the staging. Throws when it is not a folder. */
  staged(kind: Kind, name: string): void {
    if (!isFolder(join(this.staging[kind], name))) {
      throw new DiscoError(`Cannot use "${kind}/${name}" of the server: it is not a folder`, {
        hint: "make it a folder on the server; a symlink to one is not followed",
      });
    }
    this.#staged.push({ kind, name });
  }

  /** Where an item is now: in the staging if it has been fetched, else in the store. */
  find(kind: Kind, name: string): string {
    const staged = this.#staged.some((s) => s.kind === kind && s.name === name);
    return join(staged ? this.staging[kind] : this.here[kind], name);
  }

  /** Put everything in place. What the result does not name is dropped. */
  commit(fetched: Fetched): void {
    const keep: Record<Kind, readonly string[]> = {
      parameters: [fetched.listedAs],
      groups: fetched.groups,
      balls: fetched.balls,
    };
    const commit: Commit = {
      staging: this.#root,
      moves: [
        ...this.#staged.map(({ kind, name }) => ({
          from: join(this.staging[kind], name),
          to: join(this.here[kind], name),
        })),
        {
          from: this.mergedStaging,
          to: join(this.#context.roots.parameters, fetched.node),
        },
      ],
      drop: KINDS.flatMap((kind) =>
        [...Deno.readDirSync(this.here[kind])]
          .filter(({ name }) => !keep[kind].includes(name))
          .map(({ name }) => join(this.here[kind], name))
      ),
      fetched,
    };
    const path = join(this.#folder, "commit.json");
    writeOwn(path, JSON.stringify(commit));
    this.#finish(commit);
  }

  #recover(): void {
    const path = join(this.#folder, "commit.json");
    if (isThere(path)) this.#finish(JSON.parse(Deno.readTextFileSync(path)) as Commit);
    this.#clean();
  }

  /** Carry a note out; what an earlier attempt has done is not done again. */
  #finish({ staging, moves, drop, fetched }: Commit): void {
    const old = join(staging, "old");
    Deno.mkdirSync(old, { recursive: true, mode: 0o700 });
    for (const [index, { from, to }] of moves.entries()) {
      if (!isFolder(from)) continue;
      Deno.mkdirSync(dirname(to), { recursive: true });
      moveIfThere(to, join(old, `${index}`));
      Deno.renameSync(from, to);
    }
    for (const [index, path] of drop.entries()) moveIfThere(path, join(old, `drop-${index}`));
    saveFetched(this.#context, fetched);
    Deno.removeSync(join(this.#folder, "commit.json"));
  }

  /** Remove the staging where nothing was fetched, and so nothing is in it: the usual case. */
  #removeEmpty(): boolean {
    const merged = dirname(this.mergedStaging);
    try {
      for (const dir of [...Object.values(this.staging), this.work, merged, this.#root]) {
        Deno.removeSync(dir);
      }
      return true;
    } catch {
      return false;
    }
  }

  #clean(): void {
    for (const { name } of Deno.readDirSync(this.#folder)) {
      if (name === "lock") continue;
      try {
        removeWhole(join(this.#folder, name));
      } catch {
        // An rsync that outlived a killed fetch may still write here: the next fetch tries again.
      }
    }
  }
}

function takeLock(path: string): Deno.FsFile {
  const file = Deno.openSync(path, { write: true, create: true, mode: 0o600 });
  if (file.tryLockSync(true)) return file;
  file.close();
  throw new DiscoError("Cannot fetch: another fetch is in progress", {
    code: 4,
    hint: "wait until it has ended",
  });
}

/**
 * Move what is thrown away out of the way. On a root that is an overlay a folder which came with the
 * image cannot be renamed (EXDEV): it is removed where it is, and once more after a crash.
 */
function moveIfThere(from: string, to: string): void {
  if (!isThere(from)) return;
  try {
    Deno.renameSync(from, to);
  } catch (error) {
    if ((error as { code?: string }).code !== "EXDEV") throw error;
    removeWhole(from);
  }
}
