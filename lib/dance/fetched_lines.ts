/**
 * The lines in force outside of a dance, for a person to look at.
 *
 * @module
 */
import { type OnChange, readBall } from "../ball/mod.ts";
import type { Context } from "../context/mod.ts";
import { type Kind, loadLines } from "../on_change/mod.ts";

/** The lines of a kind: with those of the balls as they were fetched last, by their names. */
export function fetchedLines(
  { roots, node }: Context,
  kind: Kind,
  shipped: Readonly<Record<string, string>>,
): OnChange[] {
  return loadLines(kind, shipped, {
    etc: roots.etc,
    params: `${roots.parameters}/${node}`,
    balls: fetchedBalls(roots.localstore).map((name) =>
      readBall(`${roots.localstore}/${name}`, name)[kind]
    ),
  });
}

function fetchedBalls(store: string): string[] {
  try {
    const folders = [...Deno.readDirSync(store)].filter(({ isDirectory }) => isDirectory);
    return folders.map(({ name }) => name).filter((name) => !name.startsWith(".")).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
