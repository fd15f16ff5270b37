/**
 * What scripts look at in /run, /tmp and /proc: the sandbox has its own, without the files of the live
 * system.
 *
 * @module
 */
import { type Ball, isShell } from "../ball/mod.ts";
import { Tree } from "../door/mod.ts";
import type { Refusal } from "../sandbox/mod.ts";
import { lookedAt, stringsOf } from "../shell/looked_at.ts";
import { printable } from "../terminal/mod.ts";
import type { Mounted } from "./values.ts";
import { matchedPaths } from "./matched_paths.ts";
import { scriptOf } from "./shell_script.ts";

/** Places of which the sandbox has its own, and the parts of the scratchpad that they are. */
const OWN: readonly (readonly [place: string, part: string])[] = [
  ["/run/", "run"],
  ["/tmp/", "tmp"],
  ["/dev/shm/", "shm"],
];
/** Files of the kernel that tell of the process that reads them, and who tells of the live system. */
const OF_SANDBOX: readonly (readonly [path: RegExp, instead: string])[] = [
  [/^\/proc\/1\//, "ps -p 1"],
  [/^(\/proc\/(self\/|thread-self\/)?(mounts|mountinfo|mountstats)|\/etc\/mtab)$/, "findmnt"],
];
/** Paths of one script that are told. */
const MOST = 20;
/** Paths of one script that are looked for. */
const MOST_LOOKED_AT = 500;

/**
 * Files that a script has looked at, by its text, and that are not those of the live system: it was told
 * that there is none, or what holds for the sandbox. `path` is the script's in the ball's folder.
 */
export function hiddenFrom({ context, mounted }: Mounted, ball: Ball, path: string): Refusal[] {
  const script = scriptOf(ball, path);
  if (script === undefined) return [];
  const { text, interpreter } = script;
  const asked = isShell(interpreter) ? lookedAt(text) : stringsOf(text);
  const wanted = [
    ...new Set(
      asked.map((one) => one.replace(/^\/var\/(run|lock)(?=\/)/, live).replace(/\/\/+/g, "/")),
    ),
  ];
  const kernel = wanted.flatMap((one) => {
    const [, instead] = OF_SANDBOX.find(([path]) => path.test(one)) ?? [];
    return instead === undefined ? [] : [hidden(
      `it looks at "${printable(one)}", which tells of the sandbox: ask ${instead}`,
    )];
  });
  const own = wanted.filter((one) => OWN.some(([place]) => one.startsWith(place)));
  if (own.length === 0) return kernel.slice(0, MOST);
  using tree = new Tree(context.root);
  using volatile = new Tree(mounted.folder("volatile"));
  const files = own.slice(0, MOST_LOOKED_AT).flatMap((one) => {
    const file = matchedPaths(tree, one).find((found) => isHidden(found, tree, volatile));
    if (file === undefined) return [];
    const has = file === one ? "which" : `of which "${printable(file)}" is a file that`;
    return [hidden(
      `it looks at "${printable(one)}", ${has} the live system has and the sandbox has not`,
    )];
  });
  return [...files, ...kernel].slice(0, MOST);
}

/** Where `/var/run` and `/var/lock` lead. */
function live(_: string, name: string): string {
  return name === "run" ? "/run" : "/run/lock";
}

function hidden(what: string): Refusal {
  return { kind: "hidden", what };
}

/** Whether the live system's file is none that the sandbox has: folders are there, too. */
function isHidden(path: string, tree: Tree, volatile: Tree): boolean {
  const [place, part] = OWN.find(([place]) => path.startsWith(place)) ?? [];
  if (place === undefined || path.startsWith("/run/disco/")) return false;
  return tree.stat(path)?.type !== "directory" &&
    volatile.stat(`/${part}/${path.slice(place.length)}`) === undefined;
}
