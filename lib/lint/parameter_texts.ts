/**
 * What the files of a ball say of parameters.
 *
 * @module
 */
import { isKeyComponent } from "../params/key.ts";
import { type Ball, readBall } from "../ball/ball.ts";
import { etaUses } from "./eta_uses.ts";
import { BallFolder } from "../ball/folder.ts";
import { interpreterName, isShell } from "../ball/interpreter.ts";
import { shellUses } from "./shell_uses.ts";
import { isFolder, siblingOf } from "./sibling.ts";
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
export function parameterTexts(ball: Ball): ParameterText[] {
  using opened = new BallFolder(ball);
  return ["templates", "scripts", "post", "files"].flatMap((folder) =>
    [...opened.walk(folder)].flatMap(({ path }) => {
      // A link in `files/` is the node's, and may lead anywhere; the others stay in the ball.
      const found = opened.read(`${folder}/${path}`, LONGEST);
      if (!found) return [];
      const text = new TextDecoder().decode(found);
      return [{ path: `${folder}/${path}`, text, uses: usesOf(folder, path, found, text) }];
    })
  );
}

/** The keys of the defaults of a ball. */
export function defaultsOf(ball: Ball): string[] {
  using opened = new BallFolder(ball);
  return [...opened.walk("parameters")].filter(({ kind }) => kind === "file")
    .map(({ path }) => path).filter((path) => path.split("/").every(isKeyComponent));
}

/** The balls that a ball requires, and what those do, as far as they lie beside it. */
export function requiredBalls(ball: Ball): { readonly found: Ball[]; readonly missing: string[] } {
  const [found, missing] = [new Map([[ball.name, ball]]), new Set<string>()];
  // The map grows while it is walked through.
  for (const [, { requires }] of found) {
    for (const { ball: name } of requires) {
      const dir = siblingOf(ball.dir, name);
      if (!isFolder(dir)) missing.add(name);
      else if (!found.has(name)) found.set(name, readBall(dir, name));
    }
  }
  found.delete(ball.name);
  return { found: [...found.values()], missing: [...missing] };
}

function usesOf(folder: string, path: string, bytes: Uint8Array, text: string): Uses | undefined {
  if (folder === "templates") return path.endsWith(".eta") ? etaUses(text) : shellUses(text);
  const isScript = folder === "scripts" || text.includes("disco-param");
  return isScript && isShell(interpreterName(bytes)) ? shellUses(text) : undefined;
}
