/**
 * Paths whose content is never shown.
 *
 * @module
 */
import { coversPath, isGlob } from "../ball/mod.ts";
import type { IsSecret } from "../changes/mod.ts";
import { Tree } from "../door/mod.ts";
import { printable, warning } from "../terminal/mod.ts";
import { type Part, realGlobs } from "./real_globs.ts";
import type { Mounted } from "./values.ts";

/** Paths that hold secrets on every machine: their content is never shown. */
const ALWAYS_SECRET = [
  "/etc/shadow",
  "/etc/shadow-",
  "/etc/gshadow",
  "/etc/gshadow-",
  "/etc/ssh/*_key",
  "/etc/ssl/private",
  "/root/.ssh/id_*",
  "/home/*/.ssh/id_*",
];

/** Wildcards of a line of which each may stand for itself as well. */
const MOST_WILD = 6;

/**
 * Which paths are secret: always, or by what the balls of the dance say. Looked up when it is first
 * asked.
 */
export function secretsOf(dance: Mounted): IsSecret {
  let globs: string[] | undefined;
  return (path) => coversPath(globs ??= globsOf(dance), path);
}

function globsOf(dance: Mounted): string[] {
  const always = ALWAYS_SECRET.flatMap((glob) => [glob, ...real(dance, upToWildcard(glob)) ?? []]);
  const named = dance.order.flatMap((name) => dance.ball(name).secrets)
    .flatMap((line) => ofLine(dance, line));
  return [...new Set([...always, ...named])];
}

/** What a line covers, where links lead. */
function ofLine(dance: Mounted, line: string): string[] {
  const found = ways(line).map((parts) => real(dance, parts));
  if (found.every((globs) => globs !== undefined)) return found.flat();
  warning(
    `secret ${
      printable(line)
    }: there is too much that it could lead to by links: the content of no ` +
      "changed file is shown",
  );
  return ["/*"];
}

/** Undefined where it takes too much. On the live root and in the union links may lead elsewhere. */
function real({ context, mounted }: Mounted, parts: readonly Part[]): string[] | undefined {
  const found = [context.root, mounted.mountpoint].map((root) => {
    using tree = new Tree(root);
    return realGlobs(tree, parts);
  });
  return found.every((globs) => globs !== undefined) ? found.flat() : undefined;
}

/**
 * How a line can be meant: as a glob, and each wildcard as itself, because nobody names a secret to have
 * it shown.
 */
function ways(line: string): Part[][] {
  const texts = line.split("/");
  if (texts.filter(isGlob).length > MOST_WILD) {
    return [true, false].map((isGlob) => texts.map((text) => ({ text, isGlob })));
  }
  return texts.reduce<Part[][]>((all, text) => {
    const kinds = isGlob(text) ? [true, false] : [false];
    return all.flatMap((parts) => kinds.map((isGlob) => [...parts, { text, isGlob }]));
  }, [[]]);
}

/** Only the names before the first wildcard are followed: homes may be many, and far away. */
function upToWildcard(glob: string): Part[] {
  const texts = glob.split("/");
  const names = texts.findIndex(isGlob) < 0 ? texts : texts.slice(0, texts.findIndex(isGlob));
  const rest = texts.slice(names.length).join("/");
  const literal = names.map((text) => ({ text, isGlob: false }));
  return rest === "" ? literal : [...literal, { text: rest, isGlob: true }];
}
