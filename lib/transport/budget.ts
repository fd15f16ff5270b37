/**
 * What a fetch may take altogether, however many calls it makes. A server can answer each call as it
 * likes, and make up new items for ever.
 *
 * Settings: `disco/client/fetch/seconds`, `disco/client/fetch/mebibytes`, `disco/client/fetch/files`
 * (entries of any type), `disco/client/fetch/balls` (balls, and as many groups),
 * `disco/client/fetch/waves` (how long a chain of balls that require one another, or of groups, may
 * be).
 *
 * @module
 */
import type { Settings } from "../context/mod.ts";
import { DiscoError } from "../error/mod.ts";

/** The most of each. */
export interface Limits {
  readonly seconds: number;
  readonly bytes: number;
  readonly files: number;
  readonly balls: number;
  readonly waves: number;
}

/** What can be over. */
export type Spent = "seconds" | "bytes" | "files";

const MEBIBYTE = 2 ** 20;
/** What a small file costs on disk at least. */
const BLOCK = 4096;

/** The limits that the settings give. */
export function limitsOf(settings: Settings): Limits {
  type Name = "seconds" | "mebibytes" | "files" | "balls" | "waves";
  const number = (name: Name) => settings.number(`disco/client/fetch/${name}`);
  return {
    seconds: number("seconds"),
    bytes: number("mebibytes") * MEBIBYTE,
    files: number("files"),
    balls: number("balls"),
    waves: number("waves"),
  };
}

/** What one fetch has taken so far. */
export class Budget {
  readonly #end: number;
  #bytes = 0;
  #files = 0;

  constructor(readonly limits: Limits) {
    this.#end = performance.now() + limits.seconds * 1000;
  }

  /** Milliseconds. */
  get timeLeft(): number {
    return Math.max(0, this.#end - performance.now());
  }

  /** Bytes that may still come, blocks counted. */
  get bytesLeft(): number {
    return this.limits.bytes - this.#bytes;
  }

  /** What would be over with so much more. */
  over(files: number, bytes: number): Spent | undefined {
    if (this.#files + files > this.limits.files) return "files";
    return bytes > this.bytesLeft ? "bytes" : undefined;
  }

  /** Take note of what has come. */
  spend(files: number, bytes: number): void {
    this.#files += files;
    this.#bytes += bytes;
  }

  /** What is over, as it goes after a colon, and the setting that allows more. */
  explain(spent: Spent): [why: string, hint: string] {
    const { seconds, bytes, files } = this.limits;
    switch (spent) {
      case "seconds":
        return [`the fetch took longer than ${seconds} s`, allow("seconds")];
      case "bytes":
        return [
          `what the server sends is larger than ${Math.round(bytes / MEBIBYTE)} MiB altogether`,
          allow("mebibytes"),
        ];
      case "files":
        return [`the server sends more than ${files} files altogether`, allow("files")];
    }
  }
}

/** Bytes that an entry of this size takes. */
export function weightOf(size: number): number {
  return Math.max(size, BLOCK);
}

/** Throw when there are too many items of a kind; `last` is the newest. */
export function limitItems(
  kind: "balls" | "groups",
  count: number,
  most: number,
  last: string,
): void {
  if (count <= most) return;
  throw new DiscoError(
    `Cannot fetch the node's ${kind}: there are more than ${most} of them (the last is "${last}")`,
    { hint: `correct what the server names, or ${allow("balls")}` },
  );
}

/** Throw when a chain is too long; `chain` ends with its last item. */
export function limitChain(kind: "balls" | "groups", chain: readonly string[], most: number): void {
  if (chain.length <= most) return;
  const does = kind === "balls" ? "require" : "name";
  const shown = chain.slice(-4).map((name) => `"${name}"`).join(", ");
  throw new DiscoError(
    `Cannot fetch the node's ${kind}: a chain of ${kind} that ${does} one another is longer than ` +
      `${most}; it ends with ${shown}`,
    { hint: `correct the chain on the server, or ${allow("waves")}` },
  );
}

function allow(setting: string): string {
  return `see disco/client/fetch/${setting} for a higher limit`;
}
