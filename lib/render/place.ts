/**
 * What templates rendered, placed in a tree.
 *
 * @module
 */
import type { Ball } from "../ball/mod.ts";
import { writeAll } from "../posix/mod.ts";
import { enterDirectory } from "./deliver.ts";
import { Job, type RenderOptions } from "./job.ts";
import { holds } from "./same.ts";
import { outputOf, TemplateFolder } from "./templates.ts";
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
  using folder = new TemplateFolder(ball);
  using job = new Job(ball, target, options);
  const placing = new Placing(job, folder);
  for (const [template, bytes] of contents) {
    const mode = folder.mode(template);
    const path = outputOf(template);
    job.attempt("place", path, () => placing.place(path, mode, bytes));
  }
  return placing.written;
}

class Placing {
  readonly written: string[] = [];
  /** Real places of the directories of `templates/`. */
  readonly #entered = new Map<string, string>([["", ""]]);

  constructor(readonly job: Job, readonly folder: TemplateFolder) {}

  place(path: string, mode: number, bytes: Uint8Array<ArrayBuffer>): void {
    const { job } = this;
    const cut = path.lastIndexOf("/");
    const real = this.#enter(path.slice(0, cut)) + path.slice(cut);
    job.refused.refuse(real);
    const wanted = job.wanted(path, real, { mode, uid: 0, gid: 0 });
    const isWritten = putFile(job, real, wanted, {
      size: bytes.length,
      holds: (fd) => holds(fd, bytes, real),
      write: (fd) => writeAll(fd, bytes, real),
    });
    if (isWritten) this.written.push(real);
    job.note(real);
  }

  /** The real place of a directory of `templates/`, which is made if need be. */
  #enter(path: string): string {
    const known = this.#entered.get(path);
    if (known !== undefined) return known;
    const { job, folder } = this;
    const cut = path.lastIndexOf("/");
    const place = `${this.#enter(path.slice(0, cut))}${path.slice(cut)}`;
    job.refused.refuse(place);
    const found = enterDirectory(job, path, place, folder.directoryMode(path));
    if (found.written) this.written.push(found.real);
    this.#entered.set(path, found.real);
    return found.real;
  }
}
