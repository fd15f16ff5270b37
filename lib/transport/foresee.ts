/**
 * What a walk through a universe on this machine is going to need, read where it lies, so that it can
 * be brought at once and not wave by wave. It is a guess: the walk decides by what was brought.
 *
 * @module
 */
import { join } from "@std/path";
import { parseBallName, parseRequires } from "../ball/mod.ts";
import { isMissing, Tree } from "../door/mod.ts";
import { type Kind, KINDS } from "./address.ts";
import { isAway } from "./away.ts";
import type { Limits } from "./budget.ts";
import { DEFAULT_NODE } from "./embedded.ts";
import type { Server } from "./server.ts";
import { sourceOf } from "./source.ts";

/** Bytes of a `requires` that are read, and of all: while they are, nothing else is done. */
const MOST_BYTES = 1 << 16;
const MOST_IN_ALL = 1 << 20;

/** Names of each kind; undefined where there is nothing to guess by, or something is wrong. */
export function foresee(
  server: Server,
  node: string,
  { balls: most }: Limits,
): Record<Kind, readonly string[]> | undefined {
  if (server.kind !== "path") return undefined;
  try {
    const parts = new DisposableStack();
    using _parts = parts;
    const open = (kind: Kind) => {
      const [folder] = sourceOf(server, kind)?.mounts ?? [];
      return folder && !isAway(folder.from) ? parts.use(new Tree(folder.from)) : undefined;
    };
    const [parameters, groups, balls] = KINDS.map(open);
    const as = [node, DEFAULT_NODE].find((name) => parameters?.stat(`/${name}`));
    if (!parameters || as === undefined) return undefined;
    const members = closure(
      namesIn(parameters, `/${as}/member`, most),
      (group) => groups ? namesIn(groups, `/${group}/member`, most) : [],
      most,
    );
    const listed = [
      ...namesIn(parameters, `/${as}/modules`, most),
      ...groups ? members.flatMap((group) => namesIn(groups, `/${group}/modules`, most)) : [],
    ];
    let bytes = 0;
    const required = (ball: string) => {
      const content = balls && contentOf(balls, join("/", ball, "requires"));
      if (!content || (bytes += content.length) > MOST_IN_ALL) return [];
      return requiredBy(content, `balls/${ball}/requires`);
    };
    const needed = closure(listed, required, most);
    return { parameters: [as], groups: members, balls: needed };
  } catch {
    // The walk finds it, too, and says what it is.
    return undefined;
  }
}

/** The names of a folder that are names of balls or groups. */
function namesIn(tree: Tree, folder: string, most: number): string[] {
  try {
    return tree.list(folder, most).map(({ name }) => parseBallName(name));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function contentOf(tree: Tree, path: string): Uint8Array<ArrayBuffer> | undefined {
  return tree.stat(path)?.type === "file" ? tree.read(path, MOST_BYTES) : undefined;
}

function requiredBy(content: Uint8Array<ArrayBuffer>, file: string): string[] {
  return parseRequires(new TextDecoder().decode(content), file).map(({ ball }) => ball);
}

/** Everything that can be reached, each once; throws where it is more than `most`. */
function closure(
  first: readonly string[],
  next: (name: string) => readonly string[],
  most: number,
): string[] {
  const found = new Set(first);
  for (const name of found) {
    for (const other of next(name)) found.add(other);
    if (found.size > most) throw new RangeError("too many names");
  }
  return [...found];
}
