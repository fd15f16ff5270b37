/**
 * The folder `templates/` of a ball: which are Eta's, which are bash's, and what they render to.
 *
 * @module
 */
import { type Ball, BallFolder } from "../ball/mod.ts";
import { ChangedError, follow, type Followed, FollowError } from "../door/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { type Stat, SyscallError } from "../posix/mod.ts";
import { printable } from "../terminal/printable.ts";
import { PathError } from "./resolve.ts";

/** Bytes of a template: more is data, which belongs to `files/`. */
const MOST_BYTES = 4 << 20;

/** A template's content and metadata. */
export interface TemplateFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly stat: Stat;
}

/** The templates that Eta renders, relative to `templates/`. */
export function etaTemplates(ball: Ball): string[] {
  return ball.templates.filter((template) => template.endsWith(".eta"));
}

/** The templates that are executed, and whose standard output is the content. */
export function bashTemplates(ball: Ball): string[] {
  return ball.templates.filter((template) => !template.endsWith(".eta"));
}

/** The path that a template renders to, as inside the tree. */
export function outputOf(template: string): string {
  return `/${template.replace(/\.eta$/, "")}`;
}

/** The templates of a ball, whose folder is open. A symlink is followed, but never out of the ball. */
export class TemplateFolder implements Disposable {
  readonly #folder: BallFolder;
  /** Where the directories of templates lead: each is followed once. */
  readonly #directories = new Map<string, string>();

  constructor(ball: Ball) {
    this.#folder = new BallFolder(ball);
  }

  /** Read a template. */
  read(template: string): TemplateFile {
    return explained(this.#folder.name, template, () => {
      const { path, stat } = this.#find(template);
      if (stat.size > MOST_BYTES) throw new PathError(`it has more than ${MOST_BYTES} bytes`);
      const bytes = this.#folder.tree.read(path, MOST_BYTES);
      if (!bytes) throw new ChangedError(path);
      return { bytes, stat };
    });
  }

  /** The permission bits of a template, or of what it is a symlink to. */
  mode(template: string): number {
    return explained(this.#folder.name, template, () => this.#find(template).stat.mode);
  }

  /** The permission bits of a directory of templates; those of a new one where none is. */
  directoryMode(path: string): number {
    return this.#folder.tree.stat(`/templates${path}`)?.mode ?? 0o755;
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }

  #find(template: string): Followed {
    const { tree } = this.#folder;
    const cut = template.lastIndexOf("/");
    const path = `${this.#directory(template.slice(0, Math.max(0, cut)))}/${
      template.slice(cut + 1)
    }`;
    const stat = tree.stat(path);
    const found = stat?.type === "file"
      ? { path, stat }
      : follow(tree, `/templates/${template}`, { beneath: true });
    if (found.stat.type !== "file") throw new PathError("it is not a regular file");
    return found;
  }

  #directory(path: string): string {
    const known = this.#directories.get(path);
    if (known !== undefined) return known;
    const found = follow(this.#folder.tree, `/templates/${path}`, { beneath: true });
    this.#directories.set(path, found.path);
    return found.path;
  }
}

function explained<T>(ball: string, template: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const failures = [PathError, FollowError, ChangedError, SyscallError];
    if (!failures.some((failure) => cause instanceof failure)) throw cause;
    throw new DiscoError(
      `Cannot read template "${printable(`templates/${template}`)}" of ball "${ball}": ` +
        (cause as Error).message,
      { cause },
    );
  }
}
