/**
 * Where an effect runs on the live system: in the folder that its script was in, if that is there.
 *
 * @module
 */
import { follow, FollowError, type Inode, Tree } from "../door/mod.ts";
import { DiscoError, messageOf } from "../error/mod.ts";
import { shellWord } from "../terminal/printable.ts";

/** Places that a script has of its own: what is there on the live system is something else. */
const OF_SCRIPTS = ["/proc", "/sys", "/dev", "/run", "/tmp"];

/** A folder, held: a program that starts in `path` is in this one, whatever becomes of its name. */
export interface WorkingDirectory extends Disposable {
  readonly path: string;
}

/**
 * Hold the folder for an effect. Where the script was in a place that only the sandbox has, it is an
 * empty folder in `own`, which only root may enter and which is removed afterwards: `rm -rf *` finds
 * nothing there. Throws a {@linkcode DiscoError} for a folder that does not exist on the live system,
 * and for one behind a link that cannot be trusted.
 */
export function workingDirectory(cwd: string, own: string): WorkingDirectory {
  if (isOfScripts(cwd)) return emptyFolder(own);
  using live = new Tree("/");
  try {
    const { path, stat } = follow(live, cwd);
    if (isOfScripts(path)) return emptyFolder(own);
    if (stat.type !== "directory") throw new FollowError("it is not a directory", "file");
    return held(live.hold(path, stat));
  } catch (error) {
    const why = error instanceof FollowError && error.kind === "missing"
      ? `no directory ${shellWord(cwd)}`
      : `cannot use directory ${shellWord(cwd)}: ${messageOf(error)}`;
    throw new DiscoError(`cannot run: ${why}`, { cause: error });
  }
}

/** Whether an effect of a script that was there runs in an empty folder. */
export function isOfScripts(path: string): boolean {
  return OF_SCRIPTS.some((place) => path === place || path.startsWith(`${place}/`));
}

function emptyFolder(own: string): WorkingDirectory {
  const tree = new Tree(own);
  const name = `/effect-${crypto.randomUUID()}`;
  try {
    const { path, [Symbol.dispose]: close } = held(tree.mkdirPrivate(name));
    const remove = () => {
      close();
      tree.remove(name);
      tree[Symbol.dispose]();
    };
    return { path, [Symbol.dispose]: remove };
  } catch (error) {
    tree[Symbol.dispose]();
    throw error;
  }
}

/** The path leads by this process's descriptor: the program has none of its own yet. */
function held(inode: Inode): WorkingDirectory {
  return {
    path: `/proc/${Deno.pid}/fd/${inode.fd}`,
    [Symbol.dispose]: () => inode[Symbol.dispose](),
  };
}
