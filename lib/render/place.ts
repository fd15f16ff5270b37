/**
 * What templates rendered, placed in a tree.
 *
 * @module
 */
import type { Ball } from "../ball/mod.ts";
import { createFile, lstat } from "../posix/mod.ts";
import { enterDirectory } from "./deliver.ts";
import { Job, type RenderOptions } from "./job.ts";
import { holds } from "./same.ts";
import { outputOf, readTemplate } from "./templates.ts";
import { putFile } from "./write.ts";

/**
 * Place the content that templates rendered to; returns the real places of what was written. The
 * mode is the template's, the owner root, unless `permissions` says otherwise; directories are
 * treated as those of `files/`. What is as it should be is not touched. Throws a
 * {@linkcode DiscoError} that names ball and path.
 *
 * @param contents By the template's path relative to `templates/`.
 */
export function placeTemplates(
  ball: Ball,
  target: string,
  contents: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
  options: RenderOptions = {},
): string[] {
  const job = new Job(ball, target, options);
  const entered = new Map<string, string>([["", ""]]);
  const written: string[] = [];
  for (const [template, bytes] of contents) {
    const path = outputOf(template);
    const { stat: { mode } } = readTemplate(ball, template);
    job.attempt("place", path, () => {
      const cut = path.lastIndexOf("/");
      const real = enter(job, path.slice(0, cut), entered, written) + path.slice(cut);
      job.refuse(real);
      const wanted = job.wanted(path, real, { mode, uid: 0, gid: 0 });
      const source = {
        holds: (there: string, live: { size: number }) =>
          live.size === bytes.length && holds(there, bytes),
        write: (to: string) => createFile(to, bytes, 0o600),
      };
      if (putFile(job, real, wanted, source)) written.push(real);
      job.note(real);
    });
  }
  return written;
}

/** The real place of a directory of `templates/`, which is made if need be. */
function enter(
  job: Job,
  path: string,
  entered: Map<string, string>,
  written: string[],
): string {
  const known = entered.get(path);
  if (known !== undefined) return known;
  const cut = path.lastIndexOf("/");
  const place = `${enter(job, path.slice(0, cut), entered, written)}${path.slice(cut)}`;
  job.refuse(place);
  const mode = lstat(`${job.ball.dir}/templates${path}`)?.mode ?? 0o755;
  const found = enterDirectory(job, path, place, mode);
  if (found.written) written.push(found.real);
  entered.set(path, found.real);
  return found.real;
}
