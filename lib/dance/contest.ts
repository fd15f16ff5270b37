/**
 * What becomes of a dance when others keep changing what it changes: it is danced again, with an eye
 * on those paths; and one user's file does not keep the rest from being merged, where the dance is to
 * keep going.
 *
 * @module
 */
import { type ConflictError, directoryOwner } from "../merge/mod.ts";
import { removeTree } from "../posix/mod.ts";
import { info } from "../terminal/mod.ts";
import { printable } from "../terminal/printable.ts";
import { Dance } from "./dance.ts";
import { Compared, Fetched } from "./values.ts";

/** Tries before a dance or a check gives up. */
export const TRIES = 3;
/** Tries where each leaves out another ball. */
const MOST_TRIES = 10;

/** The tries of one dance. */
export class Contest {
  readonly #paths = new Set<string>();
  readonly #excluded = new Map<string, string>();
  #tries = 1;

  /** The dance that is to be tried next; undefined where it is to fail. */
  next(conflict: ConflictError, lost: Dance): Dance | undefined {
    const { context, options } = lost;
    const tries = ++this.#tries;
    for (const path of conflict.paths) this.#paths.add(path);
    const changes = lost instanceof Compared ? lost.difference.changes : [];
    const culprits = options.keepGoing && tries >= TRIES
      ? changes.filter(({ path }) => conflict.paths.some((p) => path === p || isBelow(p, path)))
        .flatMap(({ balls, path }) => balls.map((ball) => ({ ball, path })))
        .filter(({ ball }) => !this.#excluded.has(ball))
      : [];
    for (const { ball, path } of culprits) {
      this.#excluded.set(ball, describe(ball, path, context.root));
    }
    if (culprits.length > 0 ? tries > MOST_TRIES : tries > TRIES) return undefined;
    const without = [...new Set(culprits.map(({ ball }) => `"${ball}"`))].join(", ");
    info(
      `${conflict.message}; dancing again (${tries} of ${Math.max(tries, TRIES)})` +
        (without === "" ? "" : `, without ${without}`),
    );
    // What is kept of a dance is one try: this one left nothing but its notes.
    removeTree(lost.record);
    const dance = Dance.begin(context, options, {
      contested: [...this.#paths],
      excluded: new Map(this.#excluded),
    });
    // Neither what others did here nor what is at the server since then changes what is to be done.
    if (!(lost instanceof Fetched)) return dance;
    dance.progress.universe = lost.fetched.server;
    return new Fetched(dance, lost.fetched);
  }
}

function describe(ball: string, path: string, root: string): string {
  return `Cannot apply ball "${ball}": its path "${
    printable(path)
  }" keeps being changed by others` +
    ownerClause(root, path);
}

/** Whose directory a path is in, to be added to a message. */
export function ownerClause(root: string, path: string): string {
  const owner = directoryOwner(root, path);
  if (owner === undefined) return "";
  return `; its directory belongs to ${owner === 0 ? "root" : `user ${owner}`}`;
}

function isBelow(folder: string, path: string): boolean {
  return path.startsWith(`${folder}/`);
}
