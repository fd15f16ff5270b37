/**
 * The folder `files/` of a ball, delivered into a tree.
 *
 * @module
 */
import type { Ball } from "../ball/mod.ts";
import {
  copyContent,
  createFile,
  lstat,
  O,
  open,
  readdir,
  readFile,
  readlink,
  type Stat,
  utimens,
  withFile,
} from "../posix/mod.ts";
import { Job, type RenderOptions } from "./job.ts";
import { PathError } from "./resolve.ts";
import { sameFiles } from "./same.ts";
import { makeDirectory, putAttributes, putFile, putSymlink } from "./write.ts";

/**
 * Deliver every regular file, directory and symlink of `files/` into the tree at `target`; returns
 * the real places of what was written. Owners are root and modes those of the ball unless
 * `permissions` says otherwise; a directory that is there already keeps its owner and mode, and a
 * symlink to a directory stays one. What is as it should be is not touched. Throws a
 * {@linkcode DiscoError} that names ball and path.
 */
export function deliverFiles(ball: Ball, target: string, options: RenderOptions = {}): string[] {
  const job = new Job(ball, target, options);
  const source = `${ball.dir}/files`;
  const written: string[] = [];
  if (lstat(source)?.type === "directory") deliverInto(job, source, "", "", written);
  return written;
}

function deliverInto(
  job: Job,
  source: string,
  path: string,
  real: string,
  written: string[],
): void {
  const names = job.attempt("deliver", path, () => readdir(source).map(({ name }) => name).sort());
  for (const name of names) {
    const from = `${source}/${name}`;
    const inside = `${path}/${name}`;
    const to = `${real}/${name}`;
    const stat = job.attempt("deliver", inside, () => {
      job.refuseEntry(to);
      return lstat(from);
    });
    switch (stat?.type) {
      case "directory": {
        const entered = job.attempt("deliver", inside, () => {
          const found = enterDirectory(job, inside, to, stat.mode);
          if (found.written) written.push(found.real);
          return found.real;
        });
        deliverInto(job, from, inside, entered, written);
        break;
      }
      case "file":
      case "symlink":
        if (job.attempt("deliver", inside, () => deliverOne(job, from, stat, inside, to))) {
          written.push(to);
        }
        job.note(to);
        break;
      default:
        job.attempt("deliver", inside, () => {
          throw new PathError(`it is ${stat ? `a ${stat.type}` : "gone"}, not a file`);
        });
    }
  }
}

/** A directory on the way, which is kept where it is, made with `mode` where it is not. */
export function enterDirectory(
  job: Job,
  path: string,
  place: string,
  mode: number,
): { real: string; written: boolean } {
  const live = lstat(job.inside.at(place));
  if (live?.type === "symlink") {
    const real = job.inside.directory(place);
    job.refuse(real);
    return { real, written: false };
  }
  if (live?.type === "directory") {
    const wanted = job.wanted(path, place, live);
    return { real: place, written: putAttributes(job.inside.at(place), live, wanted) };
  }
  makeDirectory(job, place, job.wanted(path, place, { mode, uid: 0, gid: 0 }));
  return { real: place, written: true };
}

function deliverOne(job: Job, from: string, stat: Stat, path: string, real: string): boolean {
  const wanted = job.wanted(path, real, { mode: stat.mode, uid: 0, gid: 0 });
  if (stat.type === "symlink") return putSymlink(job, real, readlink(from), wanted);
  return putFile(job, real, wanted, {
    holds: (there, live) => live.size === stat.size && sameFiles(from, there, stat.size),
    write: (to) => copy(from, to, stat.size),
    finish: (to) => utimens(to, stat.mtime),
  });
}

/** Content that is read and written at once; more is copied by the kernel, holes as holes. */
const SMALL = 1 << 20;

function copy(from: string, to: string, size: number): void {
  if (size <= SMALL) return createFile(to, readFile(from), 0o600);
  createFile(to, new Uint8Array(0), 0o600);
  withFile(open(from, O.RDONLY | O.NOFOLLOW), (source) => {
    withFile(open(to, O.WRONLY | O.NOFOLLOW), (copied) => copyContent(source, copied, size, to));
  });
}
