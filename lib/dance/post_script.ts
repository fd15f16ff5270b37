/**
 * Post scripts, which may have to run after the fetched ball has become another one.
 *
 * @module
 */

/** A command line that can be run until it is disposed. */
export interface Placed extends Disposable {
  readonly argv: readonly string[];
}

/** Bytes of a post script that are kept. */
const MOST = 1 << 20;

/** The content of a post script as it is kept, in base64; undefined for one that is too large. */
export function keptContent(path: string): string | undefined {
  const bytes = Deno.readFileSync(path);
  return bytes.length > MOST ? undefined : bytes.toBase64();
}

/**
 * The command line of an effect. A post script runs from its ball as long as it is the same there;
 * else from a copy in `folder`, which only DISCO writes to.
 */
export function scriptInPlace(
  argv: readonly string[],
  content: string | undefined,
  folder: string,
): Placed {
  const path = argv.at(-1)!;
  if (content === undefined || isSame(path, content)) {
    return { argv, [Symbol.dispose]: () => {} };
  }
  const copy = `${folder}/post-script`;
  Deno.writeFileSync(copy, Uint8Array.fromBase64(content), { mode: 0o700 });
  return {
    argv: [...argv.slice(0, -1), copy],
    [Symbol.dispose]: () => Deno.removeSync(copy),
  };
}

function isSame(path: string, content: string): boolean {
  try {
    return Deno.readFileSync(path).toBase64() === content;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return false;
    }
    throw error;
  }
}
