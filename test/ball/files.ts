/**
 * Trees of files for tests.
 *
 * @module
 */
import { dirname, join } from "@std/path";

/** What lies at a path: a text, bytes, `null` for a folder, or a symlink. */
export type Content = string | Uint8Array | null | { readonly link: string };

/** Write files below a folder, with the folders they need; returns the folder. */
export function writeFiles(dir: string, files: Readonly<Record<string, Content>>): string {
  Deno.mkdirSync(dir, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const path = join(dir, name);
    Deno.mkdirSync(content === null ? path : dirname(path), { recursive: true });
    if (typeof content === "string") Deno.writeTextFileSync(path, content);
    else if (content instanceof Uint8Array) Deno.writeFileSync(path, content);
    else if (content) Deno.symlinkSync(content.link, path);
  }
  return dir;
}

/** A folder that goes away with `using`. */
export function temporaryFolder(): { readonly path: string } & Disposable {
  const path = Deno.makeTempDirSync();
  return { path, [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }) };
}
