/**
 * The rules of `permissions` on paths that the ball did not deliver. (What it delivers or renders
 * gets its mode and owner when it is written, so that nothing flips from one to the other and back
 * on each dance.)
 *
 * @module
 */
import { type Ball, isGlob } from "../ball/mod.ts";
import { FollowError } from "../door/mod.ts";
import { hasAttributes, putAttributes, whyNotChange } from "./attributes.ts";
import { Job, type RenderOptions } from "./job.ts";
import { PathError } from "./resolve.ts";

/**
 * Apply the rules whose path is not a glob to what exists in the tree; returns the real places of what
 * was changed. A path that does not exist is left for a script to make: call this again afterwards.
 * Throws a {@linkcode DiscoError} that names the ball, and the path or the rule.
 */
export function applyPermissions(
  ball: Ball,
  target: string,
  options: RenderOptions = {},
): string[] {
  if (ball.permissions.length === 0) return [];
  using job = new Job(ball, target, options);
  const paths = new Set(ball.permissions.map(({ glob }) => glob).filter((glob) => !isGlob(glob)));
  return [...paths].flatMap((path) =>
    job.attempt("set the permissions of", path, () => apply(job, path) ?? [])
  );
}

/** The real place of what was changed, if anything was. */
function apply(job: Job, path: string): string | undefined {
  const real = placeOf(job, path);
  const live = real === undefined ? undefined : job.tree.stat(real);
  if (real === undefined || live === undefined) return undefined;
  job.refused.refuse(real);
  const wanted = job.wanted(path, real, live);
  if (hasAttributes(live, wanted)) return undefined;
  const why = whyNotChange(job, real, live, wanted);
  if (why !== undefined) throw new PathError(why);
  return putAttributes(job, real, live, wanted) ? real : undefined;
}

/** Where a path is; undefined where nothing is that could have permissions. */
function placeOf(job: Job, path: string): string | undefined {
  try {
    return job.inside.resolve(path);
  } catch (error) {
    if (error instanceof PathError) return undefined;
    if (error instanceof FollowError && error.kind !== "unsafe") return undefined;
    throw error;
  }
}
