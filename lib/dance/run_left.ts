/**
 * What balls leave in /run, which is not merged, and tmpfiles.d, which describes it.
 *
 * @module
 */
import type { Ball } from "../ball/mod.ts";
import { Tree } from "../door/mod.ts";
import { nameOf } from "../posix/mod.ts";
import { isUntouched, leftInRun, tellLeft } from "../sandbox/mod.ts";
import { warning } from "../terminal/mod.ts";
import { noteUntried } from "./not_simulated.ts";
import type { Mounted } from "./values.ts";

/** Where the descriptions are: tmpfiles.d(5). What is in /run is gone with the sandbox. */
const FOLDERS = ["/etc/tmpfiles.d", "/usr/local/lib/tmpfiles.d", "/usr/lib/tmpfiles.d"];
/** Descriptions that are read, and bytes of one. */
const MOST = { files: 1_000, bytes: 1 << 20 } as const;

/** Tell what the scripts of a ball have left in /run, and nothing describes. */
export function noteLeftInRun(dance: Mounted, ball: Ball): void {
  if (ball.scripts.length === 0 || isUntouched(dance.mounted, "run")) return;
  const left = leftInRun(dance.mounted);
  if (left.length === 0) return;
  using tree = new Tree(dance.mounted.mountpoint);
  const described = describedIn(tree);
  const lost = tellLeft(left.filter((path) => !described.has(path)));
  for (const what of lost) {
    const note = `${what}: add a line for it to tmpfiles.d`;
    noteUntried(dance, "place", note, { ball: ball.name });
    warning(`ball ${ball.name}: ${note}`);
  }
}

/** The paths of /run that the union's tmpfiles.d creates. */
function describedIn(tree: Tree): Set<string> {
  const paths = new Set<string>();
  let left: number = MOST.files;
  for (const folder of FOLDERS) {
    if (tree.stat(folder)?.type !== "directory") continue;
    for (const { name } of tree.list(folder, MOST.files)) {
      if (!name.endsWith(".conf") || left-- <= 0) continue;
      const text = tree.read(`${folder}/${name}`, MOST.bytes);
      for (const line of nameOf(text ?? new Uint8Array()).split("\n")) {
        const [type = "", path = ""] = line.trim().split(/\s+/, 2);
        if (!/^[dDvqQfFLpC]/.test(type)) continue;
        paths.add(path.replace(/^\/var\/run\//, "/run/").replace(/\/$/, ""));
      }
    }
  }
  return paths;
}
