/**
 * How DISCO is started again, for what must happen after this process.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";

/** The argument list of `disco ...words`: the binary, the bundle, or the source under Deno. */
export function selfCommand(...words: string[]): string[] {
  if (Deno.build.standalone) return [Deno.execPath(), ...words];
  const source = new URL("../mod.ts", import.meta.url);
  const main = isFile(source) ? source : new URL(Deno.mainModule);
  return [Deno.execPath(), "run", "-A", fromFileUrl(main), ...words];
}

function isFile(url: URL): boolean {
  try {
    return Deno.statSync(url).isFile;
  } catch {
    return false;
  }
}
