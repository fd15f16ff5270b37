/**
 * Hashes of contents that are in memory.
 *
 * @module
 */

/** How many are hashed by WebCrypto: to load node:crypto, which is faster, takes as long as these. */
const FEW = 500;

/** Hashes many contents, one after the other. */
export class Hasher {
  #count = 0;

  /** SHA-256, hexadecimal. */
  async sha256(content: Uint8Array<ArrayBuffer>): Promise<string> {
    if (++this.#count > FEW) {
      const { createHash } = await import("node:crypto");
      return createHash("sha256").update(content).digest("hex");
    }
    return new Uint8Array(await crypto.subtle.digest("SHA-256", content)).toHex();
  }
}
