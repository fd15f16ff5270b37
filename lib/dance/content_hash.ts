/**
 * What a ball holds, as one hash: whether it is still the ball that was merged.
 *
 * @module
 */
import type { Change } from "../result/mod.ts";
import type { Planned } from "./values.ts";

/** The hashes of the balls that have a part in the changes, or that asked for an effect. */
export async function contentHashes(
  dance: Planned,
  changes: readonly Change[],
): Promise<Record<string, string>> {
  const names = new Set([
    ...changes.flatMap(({ balls }) => balls),
    ...dance.progress.effects.map(({ ball }) => ball),
  ]);
  const known = dance.order.filter((name) => names.has(name));
  const hashes: Record<string, string> = {};
  for (const name of known) hashes[name] = await contentHash(dance.ball(name).dir);
  return hashes;
}

/** The hash of a fetched ball: names, types, modes, contents and targets of links. */
export async function contentHash(dir: string): Promise<string> {
  const parts: string[] = [];
  const visit = async (path: string) => {
    const names = [...Deno.readDirSync(`${dir}${path}`)].map(({ name }) => name).sort();
    for (const name of names) {
      const at = `${path}/${name}`;
      const { isDirectory, isSymlink, mode } = Deno.lstatSync(dir + at);
      parts.push(at, `${mode}`);
      if (isDirectory) await visit(at);
      else if (isSymlink) parts.push(Deno.readLinkSync(dir + at));
      else parts.push(await digest(Deno.readFileSync(dir + at)));
    }
  };
  await visit("");
  return await digest(new TextEncoder().encode(parts.join("\0")));
}

async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
