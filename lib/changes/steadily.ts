/**
 * Looks at paths that others may be changing, and failures that name them.
 *
 * @module
 */
import { ChangedError, isMissing, type Tree } from "../door/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { SyscallError } from "../posix/mod.ts";
import { printable } from "../terminal/printable.ts";

/** Looks at a path that others keep changing. */
const TRIES = 5;

/** Look again where something has vanished or was replaced between two calls. */
export async function steadily<T>(
  look: () => Promise<T>,
  { live, now }: { readonly live: HasTree; readonly now: HasTree },
): Promise<T> {
  for (let tries = 1;; tries++) {
    try {
      return await look();
    } catch (error) {
      const isFleeting = error instanceof ChangedError || isMissing(error);
      if (!isFleeting || tries === TRIES) throw error;
      live.tree.forget();
      now.tree.forget();
    }
  }
}

interface HasTree {
  readonly tree: Tree;
}

/** Say which path it was, and whose. */
export async function told<T>(
  { path, balls }: { readonly path: string; readonly balls: readonly string[] },
  look: () => Promise<T>,
): Promise<T> {
  try {
    return await look();
  } catch (error) {
    const isKnown = error instanceof SyscallError || error instanceof ChangedError;
    if (!isKnown) throw error;
    const ball = balls.map(printable).join(", ");
    throw new DiscoError(
      `Cannot work out what ball "${ball}" has changed at "${printable(path)}": ${error.message}`,
      {
        hint: error instanceof ChangedError
          ? "find out which program keeps replacing it, and dance again"
          : "let root read it, or leave it out of the ball",
        cause: error,
      },
    );
  }
}
