/**
 * What the files of a ball say of parameters.
 *
 * @module
 */
import { join } from "@std/path";
import { isKeyComponent } from "../params/key.ts";
import { type Ball, readBall } from "./ball.ts";
import { etaUses } from "./eta_uses.ts";
import { interpreterOf, isShell } from "./interpreter.ts";
import { shellUses } from "./shell_uses.ts";
import { kindOf, walk } from "./tree.ts";
import type { Uses } from "./uses.ts";

/** A file of a ball. */
export interface ParameterText {
  /** Relative to the ball's folder. */
  readonly path: string;
  readonly text: string;
  /** What it uses; undefined for what is neither template nor shell script. */
  readonly uses: Uses | undefined;
}

/** Longer files hold data. */
const LONGEST = 1024 * 1024;

/** The templates, scripts and delivered files of a ball. */
export function parameterTexts({ dir }: Ball): ParameterText[] {
  return ["templates", "scripts", "post", "files"].flatMap((folder) =>
    [...walk(join(dir, folder))].flatMap(({ path }) => {
      const found = contentOf(join(dir, folder, path));
      if (!found) return [];
      const text = new TextDecoder().decode(found);
      return [{ path: `${folder}/${path}`, text, uses: usesOf(folder, path, found, text) }];
    })
  );
}

/** The keys of the defaults of a ball. */
export function defaultsOf({ dir }: Ball): string[] {
  return [...walk(join(dir, "parameters"))].filter(({ kind }) => kind === "file")
    .map(({ path }) => path).filter((path) => path.split("/").every(isKeyComponent));
}

/** The balls that a ball requires, and what those do, as far as they lie beside it. */
export function requiredBalls(ball: Ball): { readonly found: Ball[]; readonly missing: string[] } {
  const [found, missing] = [new Map([[ball.name, ball]]), new Set<string>()];
  // The map grows while it is walked through.
  for (const [, { requires }] of found) {
    for (const { ball: name } of requires) {
      const dir = join(ball.dir, "..", name);
      if (kindOf(dir) !== "directory") missing.add(name);
      else if (!found.has(name)) found.set(name, readBall(dir, name));
    }
  }
  found.delete(ball.name);
  return { found: [...found.values()], missing: [...missing] };
}

/** A link in `files/` is the node's, and may lead anywhere; the others stay in the ball. */
function contentOf(path: string): Uint8Array | undefined {
  if (kindOf(path) !== "file") return undefined;
  if (Deno.lstatSync(path).size > LONGEST) return undefined;
  return Deno.readFileSync(path);
}

function usesOf(folder: string, path: string, bytes: Uint8Array, text: string): Uses | undefined {
  if (folder === "templates") return path.endsWith(".eta") ? etaUses(text) : shellUses(text);
  const isScript = folder === "scripts" || text.includes("disco-param");
  return isScript && isShell(interpreterOf(bytes)) ? shellUses(text) : undefined;
}
