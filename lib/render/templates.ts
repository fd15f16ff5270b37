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

/** Read a template; a symlink is followed, but never out of the ball. */
export function readTemplate(ball: Ball, template: string): TemplateFile {
  using folder = new BallFolder(ball);
  return explained(ball.name, template, () => {
    const { path, stat } = find(folder, template);
    if (stat.size > MOST_BYTES) throw new PathError(`it has more than ${MOST_BYTES} bytes`);
    const bytes = folder.tree.read(path, MOST_BYTES);
    if (!bytes) throw new ChangedError(path);
    return { bytes, stat };
  });
}

/** The metadata of a template, or of what it is a symlink to. */
export function statTemplate(folder: BallFolder, template: string): Stat {
  return explained(folder.name, template, () => find(folder, template).stat);
}

function find({ tree }: BallFolder, template: string): Followed {
  const found = follow(tree, `/templates/${template}`, { beneath: true });
  if (found.stat.type !== "file") throw new PathError("it is not a regular file");
  return found;
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
