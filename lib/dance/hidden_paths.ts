/**
 * What scripts look at in /run, /tmp and /proc: the sandbox has its own, without the files of the live
 * system.
 *
 * @module
 */
import type { Ball } from "../ball/mod.ts";
import { Tree } from "../door/mod.ts";
import type { Refusal } from "../sandbox/mod.ts";
import { lookedAt } from "../shell/looked_at.ts";
import { printable } from "../terminal/mod.ts";
import type { Dance } from "./dance.ts";
import { shellScriptOf } from "./shell_script.ts";

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

/**
 * Files that a shell script has looked at, by its text, and that are not those of the live system: it
 * was told that there is none, or what holds for the sandbox. `path` is the script's in the ball's folder.
 */
export function hiddenFrom({ context, mounted }: Dance, ball: Ball, path: string): Refusal[] {
  const script = shellScriptOf(ball, path);
  if (script === undefined) return [];
  const wanted = lookedAt(script).map((one) => one.replace(/^\/var\/run\//, "/run/"));
  const own = wanted.filter((one) => !one.startsWith("/run/disco/"))
    .flatMap((one) =>
      OWN.filter(([place]) => one.startsWith(place)).map((found) => [one, found] as const)
    );
  const kernel = wanted.flatMap((one) => {
    const [, instead] = OF_SANDBOX.find(([path]) => path.test(one)) ?? [];
    return instead === undefined ? [] : [{
      kind: "hidden" as const,
      what: `it looks at "${printable(one)}", which tells of the sandbox: ask ${instead}`,
    }];
  });
  if (own.length === 0) return kernel.slice(0, MOST);
  using live = new Tree(context.root);
  using volatile = new Tree(mounted.folder("volatile"));
  const hidden = own.filter(([one, [place, part]]) => {
    const type = live.stat(one)?.type;
    return type !== undefined && type !== "directory" &&
      !volatile.stat(`/${part}/${one.slice(place.length)}`);
  });
  const files = [...new Set(hidden.map(([one]) => one))].map((one) => ({
    kind: "hidden" as const,
    what: `it looks at "${printable(one)}", which the live system has and the sandbox has not`,
  }));
  return [...files, ...kernel].slice(0, MOST);
}
