/**
 * Keys of parameters: paths below a tree of files.
 *
 * @module
 */
import { DiscoError } from "../error/mod.ts";

const COMPONENT = /^(?!-)[A-Za-z0-9@%+=:,._-]{1,255}$/;

/**
 * Whether a file name can be a component of a key: letters, digits and `@ % + = : , . _ -`, as in
 * the original, but no `-` at the beginning (it would be an option of some program one day), and
 * neither `.` nor `..`.
 */
export function isKeyComponent(name: string): boolean {
  return COMPONENT.test(name) && name !== "." && name !== "..";
}

/** A key, checked: components separated by single slashes, none at the beginning or end. */
export function parseKey(text: string): string {
  if (!text.split("/").every(isKeyComponent)) {
    throw new DiscoError(
      `Cannot use ${JSON.stringify(text)} as key of a parameter: expected names of letters, ` +
        `digits and "@%+=:,._-", not beginning with "-", separated by "/"`,
      { code: 3 },
    );
  }
  return text;
}

/** Whether a key names a secret: one of its components is `secret` or `secrets`. */
export function isSecretKey(key: string): boolean {
  return key.split("/").some((name) => name === "secret" || name === "secrets");
}
