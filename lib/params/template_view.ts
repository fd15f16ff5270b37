/**
 * Parameters as templates see them: text.
 *
 * @module
 */
import { DiscoError } from "../error/mod.ts";
import { isSecretKey } from "./key.ts";
import { Tree } from "./tree.ts";

/** A folder of parameters as an object without a prototype; values are strings or such objects. */
export interface ParamsObject {
  [name: string]: string | ParamsObject;
}

/** The parameters of one node, as text without the one newline at the end of each file. */
export class Params {
  readonly #tree: Tree;

  /** @param dir The node's merged tree, `<parameters>/<node>`. */
  constructor(dir: string) {
    this.#tree = new Tree(dir);
  }

  /** Whether a key names a secret: one of its components is `secret` or `secrets`. */
  static isSecret(key: string): boolean {
    return isSecretKey(key);
  }

  /** The value of a key, or undefined; a folder, or content that is not UTF-8, is an error. */
  get(key: string): string | undefined {
    const bytes = this.#tree.get(key);
    return bytes && textOf(key, bytes);
  }

  /** All of it: nested objects. Content that is not UTF-8 is an error when it is looked at. */
  object(): ParamsObject {
    const top = emptyObject();
    for (const [key, bytes] of this.#tree.walk()) {
      const names = key.split("/");
      const last = names.pop()!;
      const folder = names.reduce((at, name) => (at[name] ??= emptyObject()) as ParamsObject, top);
      if (bytes === undefined) folder[last] = emptyObject();
      else define(folder, last, key, bytes);
    }
    return top;
  }
}

function define(folder: ParamsObject, name: string, key: string, bytes: Uint8Array): void {
  try {
    folder[name] = textOf(key, bytes);
  } catch {
    // One binary parameter must not spoil the templates that do not use it.
    Object.defineProperty(folder, name, { enumerable: true, get: () => textOf(key, bytes) });
  }
}

function textOf(key: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)
      .replace(/\n$/, "");
  } catch (cause) {
    throw new DiscoError(`Cannot read parameter "${key}" as text: it is not UTF-8`, { cause });
  }
}

function emptyObject(): ParamsObject {
  return Object.create(null);
}
