/**
 * The folder `templates/` of a ball: which are Eta's, which are bash's, and what they render to.
 *
 * @module
 */
import type { Ball } from "../ball/mod.ts";
import { DiscoError } from "../error.ts";
import { lstat, readFile, type Stat } from "../posix/mod.ts";
import { printable } from "../terminal/printable.ts";
import { Inside, PathError } from "./resolve.ts";

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
  try {
    const inside = new Inside(ball.dir);
    const path = inside.at(inside.follow(`templates/${template}`));
    const stat = lstat(path);
    if (stat?.type !== "file") throw new PathError("it is not a regular file");
    return { bytes: readFile(path), stat };
  } catch (cause) {
    if (!(cause instanceof PathError)) throw cause;
    throw new DiscoError(
      `Cannot read template "${printable(`templates/${template}`)}" of ball "${ball.name}": ` +
        cause.message,
      { cause },
    );
  }
}
