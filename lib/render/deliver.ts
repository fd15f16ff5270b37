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
  using delivery = new FileDelivery(ball, target, options);
  return delivery.finish();
}

/** The delivery of `files/`, which can be begun before it is the ball's turn. */
export class FileDelivery implements Disposable {
  readonly #job: Job;
  /** Undefined where the ball has no `files/`. */
  readonly #source: Tree | undefined;
  readonly #entries: Iterator<Walked>;
  readonly #written: string[] = [];
  /** Real places of the directories of the ball. */
  readonly #real = new Map<string, string>([["", ""]]);
  /** What has been looked at, and is not delivered. */
  #waiting: Walked | undefined;
  /** Why the rest of the folder could not be listed. */
  #failure: unknown;

  /** Throws like {@linkcode deliverFiles}. */
  constructor(ball: Ball, target: string, options: RenderOptions) {
    using folder = new BallFolder(ball);
    using stack = new DisposableStack();
    this.#job = stack.use(new Job(ball, target, options));
    refuseTwice(this.#job, folder);
    const has = folder.kind("files") === "directory";
    this.#source = has ? folder.tree.below("/files") : undefined;
    this.#entries = this.#source ? walk(this.#source, "/", MOST) : [].values();
    stack.move();
  }

  [Symbol.dispose](): void {
    this.#source?.[Symbol.dispose]();
    this.#job[Symbol.dispose]();
  }

  /**
   * Before it is the ball's turn: go past the next entry if it is as it should be. False where there is
   * none, and where one has to wait: it is to be written, goes wrong, or is so large that others would
   * wait. Nothing is written.
   */
  pass(): boolean {
    this.#job.isAhead = true;
    try {
      return this.#failure === undefined && this.#step();
    } catch (error) {
      // Of an entry it is found again.
      if (!this.#waiting) this.#failure = error;
      return false;
    } finally {
      this.#job.isAhead = false;
    }
  }

  /** Deliver everything that has not been passed; returns the real places of what was written. */
  finish(): string[] {
    if (this.#failure !== undefined) throw this.#failure;
    while (this.#step());
    return this.#written;
  }

  /** One entry; false where there is none. */
  #step(): boolean {
    const entry = this.#waiting ?? this.#next();
    if (!entry) return false;
    this.#waiting = entry;
    this.#job.attempt("deliver", entry.path, () => this.#deliver(entry));
    this.#waiting = undefined;
    return true;
  }

  #next(): Walked | undefined {
    const { done, value } = this.#job.attempt("deliver", "/files", () => this.#entries.next());
    return done ? undefined : value;
  }

  #deliver({ path, stat }: Walked): void {
    const job = this.#job;
    const real = `${this.#real.get(parentOf(path))!}${path.slice(path.lastIndexOf("/"))}`;
    job.refused.refuseEntry(real);
    switch (stat.type) {
      case "directory": {
        const found = enterDirectory(job, path, real, stat.mode);
        if (found.written) this.#written.push(found.real);
        return void this.#real.set(path, found.real);
      }
      case "file":
      case "symlink":
        if (this.#deliverOne(path, stat, real)) this.#written.push(real);
        return job.note(real);
      default:
        throw new PathError(`it is a ${stat.type}, not a file`);
    }
  }

  #deliverOne(path: string, stat: Stat, real: string): boolean {
    const job = this.#job;
    const source = this.#source!;
    if (stat.size > SMALL) job.requireTurn();
    const wanted = job.wanted(path, real, { mode: stat.mode, uid: 0, gid: 0 });
    if (stat.type === "symlink") return putSymlink(job, real, source.readlink(path), wanted);
    return putFile(job, real, wanted, contentOf(source, path, stat));
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
