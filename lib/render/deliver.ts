/**
 * The folder `files/` of a ball, delivered into a tree.
 *
 * @module
 */
import { type Ball, BallFolder, MOST } from "../ball/mod.ts";
import { type Tree, walk, type Walked } from "../door/mod.ts";
import { copyContent, readAll, type Stat, withFile, writeAll } from "../posix/mod.ts";
import { putAttributes } from "./attributes.ts";
import { Job, type RenderOptions } from "./job.ts";
import { parentOf, PathError } from "./resolve.ts";
import { sameFiles } from "./same.ts";
import { outputOf } from "./templates.ts";
import { type FileContent, makeDirectory, putFile, putSymlink } from "./write.ts";

/**
 * Deliver every regular file, directory and symlink of `files/` into the tree at `target`; returns
 * the real places of what was written. Owners are root and modes those of the ball unless
 * `permissions` says otherwise; a directory that is there already keeps its owner and mode, and a
 * symlink to a directory stays one. What is as it should be is not touched. Throws a
 * {@linkcode DiscoError} that names ball and path.
 */
export function deliverFiles(ball: Ball, target: string, options: RenderOptions = {}): string[] {
  using folder = new BallFolder(ball);
  using job = new Job(ball, target, options);
  refuseTwice(job, folder);
  if (folder.kind("files") !== "directory") return [];
  const delivery = new Delivery(job, folder.tree.below("/files"));
  using _source = delivery.source;
  const entries = walk(delivery.source, "/", MOST);
  for (let path = "/files";;) {
    const next = job.attempt("deliver", path, () => entries.next());
    if (next.done) return delivery.written;
    ({ path } = next.value);
    job.attempt("deliver", path, () => delivery.deliver(next.value));
  }
}

/** Throw where a template renders to what `files/` holds, too, or another template renders to. */
function refuseTwice(job: Job, folder: BallFolder): void {
  const outputs = new Set<string>();
  for (const path of job.ball.templates.map(outputOf)) {
    job.attempt("deliver", path, () => {
      if (folder.kind(`files${path}`)) throw new PathError("it is in files/ and in templates/");
      if (outputs.has(path)) throw new PathError("two templates render to it");
      outputs.add(path);
    });
  }
}

class Delivery {
  readonly written: string[] = [];
  /** Real places of the directories of the ball. */
  readonly #real = new Map<string, string>([["", ""]]);

  constructor(readonly job: Job, readonly source: Tree) {}

  deliver({ path, stat }: Walked): void {
    const { job } = this;
    const real = `${this.#real.get(parentOf(path))!}${path.slice(path.lastIndexOf("/"))}`;
    job.refused.refuseEntry(real);
    switch (stat.type) {
      case "directory": {
        const found = enterDirectory(job, path, real, stat.mode);
        if (found.written) this.written.push(found.real);
        return void this.#real.set(path, found.real);
      }
      case "file":
      case "symlink":
        if (this.#deliverOne(path, stat, real)) this.written.push(real);
        return job.note(real);
      default:
        throw new PathError(`it is a ${stat.type}, not a file`);
    }
  }

  #deliverOne(path: string, stat: Stat, real: string): boolean {
    const { job, source } = this;
    const wanted = job.wanted(path, real, { mode: stat.mode, uid: 0, gid: 0 });
    if (stat.type === "symlink") return putSymlink(job, real, source.readlink(path), wanted);
    return putFile(job, real, wanted, contentOf(source, path, stat));
  }
}

/** A directory on the way, which is kept where it is, made with `mode` where it is not. */
export function enterDirectory(
  job: Job,
  path: string,
  place: string,
  mode: number,
): { real: string; written: boolean } {
  const live = job.tree.stat(place);
  if (live?.type === "symlink") {
    const real = job.inside.directory(place);
    job.refused.refuse(real);
    return { real, written: false };
  }
  if (live?.type === "directory") {
    const wanted = job.wanted(path, place, live);
    return { real: place, written: putAttributes(job, place, live, wanted) };
  }
  makeDirectory(job, place, job.wanted(path, place, { mode, uid: 0, gid: 0 }));
  return { real: place, written: true };
}

/** Content that is read and written at once; more is copied by the kernel, holes as holes. */
const SMALL = 1 << 20;

function contentOf(source: Tree, path: string, seen: Stat): FileContent {
  const { size, mtime } = seen;
  const opened = <T>(use: (fd: number) => T) => withFile(source.openFile(path, seen), use);
  return {
    size,
    mtime,
    holds: (fd, real) => opened((from) => sameFiles(from, fd, size, real)),
    write: (fd, real) =>
      opened((from) => {
        if (size <= SMALL) writeAll(fd, readAll(from, size, path), real);
        else copyContent(from, fd, size, real);
      }),
  };
}
