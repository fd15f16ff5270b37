/**
 * A parameter that is there whole or not at all.
 *
 * @module
 */
import { named, type Tree } from "../door/mod.ts";
import { replaceFile } from "../files/replace.ts";

/** Write a parameter for its owner only (0600), at once: nobody ever sees half of it. */
export function writeParameter(tree: Tree, path: string, content: Uint8Array): void {
  const cut = path.lastIndexOf("/");
  using folder = tree.below(path.slice(0, cut) || "/");
  // "~" cannot be in a key: what a crash leaves behind is not a parameter.
  const draft = `/~${crypto.randomUUID()}`;
  named(path, () => replaceFile(folder, path.slice(cut), new Uint8Array(content), { draft }));
}
