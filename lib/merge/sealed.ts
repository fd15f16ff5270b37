/**
 * Texts that are kept with their hash.
 *
 * @module
 */
import { bytesOf, nameOf, readFile } from "../posix/mod.ts";

/** A text of one line as a file holds it: the line, and its hash. */
export async function sealed(text: string): Promise<Uint8Array<ArrayBuffer>> {
  return bytesOf(`${text}\n${await hash(text)}\n`);
}

/** The text of such a file; undefined where the hash does not match. */
export async function unsealed(path: string): Promise<string | undefined> {
  const [text = "", trailer] = nameOf(readFile(path)).split("\n");
  return trailer === await hash(text) ? text : undefined;
}

async function hash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytesOf(text));
  return new Uint8Array(digest).toHex();
}
