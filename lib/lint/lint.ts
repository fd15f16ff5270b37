/**
 * What is wrong, or looks wrong, with a ball: for its author, before any node sees it.
 *
 * @module
 */
import { basename, dirname } from "@std/path";
import { DiscoError } from "../error/mod.ts";
import { isKeyComponent } from "../params/key.ts";
import { printable } from "../terminal/printable.ts";
import { type Ball, readBall } from "../ball/ball.ts";
import type { Finding } from "./finding.ts";
import { BallFolder, type Entry } from "../ball/folder.ts";
import { matchesGlob } from "../ball/glob.ts";
import { inspectBall } from "../ball/inspect.ts";
import { isLeftover } from "../ball/leftover.ts";
import { lintParameters } from "./parameters.ts";
import { lintRestarts } from "./restarts.ts";
import { checkScripts } from "./shellcheck.ts";
import { isFolder, siblingOf } from "./sibling.ts";

const KNOWN =
  /^(checks|files|parameters|permissions|post|purge|reactions|requires|scripts|templates|README.*|LICENSE.*)$/;
// deno-lint-ignore no-control-regex
const UNSAFE = /[\u0000-\u001f\u007f-\u009f]|^\s|\s$|^-/;

/**
 * Check a ball's folder: structure, requires, permissions, names, parameters, and its scripts by
 * shellcheck. Balls that it requires are looked for beside it.
 */
export async function lintBall(dir: string, name: string): Promise<Finding[]> {
  let ball: Ball;
  try {
    inspectBall(dir, name);
    ball = readBall(dir, name);
  } catch (cause) {
    if (!(cause instanceof DiscoError)) throw cause;
    return [error(cause.message), skipped("the other checks: correct this first")];
  }
  using folder = new BallFolder(ball);
  return [
    ...lintRequires(ball),
    ...lintNames(ball, folder),
    ...lintDelivery(ball, folder),
    ...lintParameters(ball),
    ...lintRestarts(ball, folder),
    ...await checkScripts(ball, folder),
  ];
}

function lintRequires({ name, requires, dir }: Ball): Finding[] {
  const universe = basename(dirname(dir)) === "balls";
  return requires.flatMap(({ ball, line }) => {
    const where = `requires, line ${line}`;
    if (ball === name) return [error(`${where}: the ball requires itself`)];
    if (!universe || isFolder(siblingOf(dir, ball))) return [];
    return [error(`${where}: there is no ball "${ball}" in this universe`)];
  });
}

function lintNames({ scripts, post }: Ball, folder: BallFolder): Finding[] {
  const found: Finding[] = [];
  for (const { path } of folder.walk()) {
    const shown = printable(path);
    if (!path.includes("/") && !KNOWN.test(path)) {
      found.push(warning(`${shown}: no part of a ball; nothing reads it`));
    }
    if (path.startsWith("parameters/") && !isKeyComponent(basename(path))) {
      found.push(error(`${shown}: its name cannot be part of a parameter's key`));
    } else if (UNSAFE.test(basename(path))) {
      found.push(
        warning(`${shown}: its name has control characters, or white space or "-" at an end`),
      );
    }
  }
  for (const path of [...scripts.map((p) => `scripts/${p}`), ...post.map((p) => `post/${p}`)]) {
    if (isLeftover(path)) {
      found.push(warning(`${printable(path)}: does not look like a script, but is run as one`));
    }
  }
  return found;
}

function lintDelivery({ templates, permissions }: Ball, folder: BallFolder): Finding[] {
  const found: Finding[] = [];
  const isDirectory = ({ kind }: Entry) => kind === "directory";
  const files = [...folder.walk("files")];
  const folders = [...files, ...folder.walk("templates")].filter(isDirectory);
  const delivered = new Set(folders.map(({ path }) => `/${path}`));
  const outputs = templates.map((path) => path.replace(/\.eta$/, ""));
  for (const path of [...files.filter((e) => !isDirectory(e)).map((e) => e.path), ...outputs]) {
    if (delivered.has(`/${path}`)) {
      found.push(error(`${printable(path)}: delivered more than once by files/ and templates/`));
    }
    delivered.add(`/${path}`);
  }
  const matches = (glob: string) => [...delivered].some((path) => matchesGlob(glob, path));
  for (const { glob, line, mode, owner, group } of permissions) {
    const where = `permissions, line ${line}`;
    if (!matches(glob)) found.push(warning(`${where}: matches nothing that the ball delivers`));
    if (mode === undefined && owner === undefined && group === undefined) {
      found.push(warning(`${where}: leaves everything alone`));
    }
  }
  return found;
}

function error(text: string): Finding {
  return { level: "error", text };
}

function warning(text: string): Finding {
  return { level: "warning", text };
}

function skipped(text: string): Finding {
  return { level: "skipped", text };
}
