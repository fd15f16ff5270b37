/**
 * Controls: DISCO as it would be with an old mistake. Each attack that names one must succeed then.
 *
 * @module
 */
import type { Mistake } from "./mutant.ts";

/** The whole machine for helpers, as root. */
const WITHOUT_WALLS: readonly Mistake[] = [{
  file: "lib/walled/spawn.ts",
  from: "...wallsArgv(walls),",
  to: `...["--dev-bind", "/", "/"],
        ...walls.mounts.flatMap(({ from, to }) => ["--bind", from, to]), "--",`,
}, {
  file: "lib/walled/spawn.ts",
  from: '...["--seccomp", String(filter), "--dir", "/etc"],',
  to: "",
}, {
  file: "lib/walled/spawn.ts",
  from: '["--file", String(files[i]), path]',
  to: "[]",
}, {
  file: "lib/walled/walls.ts",
  from: "if (!isWalledByAccount()) return [];",
  to: "return [];",
}];

/** By their names in the attacks. */
export const CONTROLS: Readonly<Record<string, readonly Mistake[]>> = {
  "links of anybody": [{
    file: "lib/door/follow.ts",
    from: "const isSafe = owner === 0",
    to: "const isSafe = owner >= 0",
  }],
  "plain door": [{
    file: "lib/posix/file.ts",
    from: "BigInt(RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH)",
    to: "0n",
  }],
  "no Landlock": [{
    file: "lib/sandbox/confine.ts",
    from: 'const hasLandlock = !without.includes("landlock")',
    to: "const hasLandlock = without.length > 99",
  }],
  "one realm for all balls": [{
    file: "lib/render/evaluator.js",
    from: "  realm = newRealm();",
    to: "",
  }],
  "rsync without walls": WITHOUT_WALLS,
  "an evaluator without walls": WITHOUT_WALLS,
};
