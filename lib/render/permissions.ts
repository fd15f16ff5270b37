/**
 * The rules of `permissions` on paths that the ball did not deliver. (What it delivers or renders
 * gets its mode and owner when it is written, so that nothing flips from one to the other and back
 * on each dance.)
 *
 * @module
 */
import type { Ball } from "../ball/mod.ts";
import { lstat } from "../posix/mod.ts";
import { Job, type RenderOptions } from "./job.ts";
import { PathError } from "./resolve.ts";
import { putAttributes } from "./write.ts";

/**
 * Apply the rules whose path is no glob to what exists in the tree; returns the real places of what
 * was changed. A path that does not exist is left for a script to make: call this again afterwards.
 * Throws a {@linkcode DiscoError} that names the ball, and the path or the rule.
 */
export function applyPermissions(
  ball: Ball,
  target: string,
  options: RenderOptions = {},
): string[] {
  const job = new Job(ball, target, options);
  const paths = new Set(ball.permissions.map(({ glob }) => glob).filter((glob) => !isGlob(glob)));
  const written: string[] = [];
  for (const path of paths) {
    job.attempt("set the permissions of", path, () => {
      const real = placeOf(job, path);
      const live = real === undefined ? undefined : lstat(job.inside.at(real));
      if (real === undefined || live === undefined) return;
      job.refuse(real);
      const wanted = job.wanted(path, real, live);
      if (putAttributes(job.inside.at(real), live, wanted)) written.push(real);
    });
  }
  return written;
}

function placeOf(job: Job, path: string): string | undefined {
  try {
    return job.inside.resolve(path);
  } catch (error) {
    if (error instanceof PathError) return undefined;
    throw error;
  }
}

function isGlob(path: string): boolean {
  return /[*?[\\]/.test(path);
}
