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
  from: '...["bwrap", "--seccomp", String(filter), "--dir", "/etc"],',
  to: '"bwrap",',
}, {
  file: "lib/walled/spawn.ts",
  from: '["--file", String(files[i]), path]',
  to: "[]",
}, {
  file: "lib/walled/walls.ts",
  from: "if (!isWalledByAccount()) return [];",
  to: "return [];",
}];

/** Descriptors from outside are of use. */
const NO_LANDLOCK: Mistake = {
  file: "lib/sandbox/confine.ts",
  from: 'const hasLandlock = !without.includes("landlock")',
  to: "const hasLandlock = without.length > 99",
};

/** A path that is resolved anew by its name, through links. */
const BY_NAME = "new Spot(open(this.#folder + path, O.PATH), path, true)";

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
  "no Landlock": [NO_LANDLOCK],
  "one realm for all balls": [{
    file: "lib/render/evaluator.js",
    from: "  realm = newRealm();",
    to: "",
  }],
  "mounts by name": [
    { file: "lib/union/union.ts", from: "if (moved) throw this.#moved(moved);", to: "" },
    {
      file: "lib/union/place_mounter.ts",
      from: "return this.#target!.spot(path);",
      to: `return ${BY_NAME};`,
    },
    {
      file: "lib/union/place_mounter.ts",
      from: "using spot = this.#target!.spot(path);",
      to: `using spot = ${BY_NAME};`,
    },
  ],
  "bound places": [
    NO_LANDLOCK,
    { file: "lib/union/places.ts", from: '!type.startsWith("fuse") || user', to: "true || user" },
    {
      file: "lib/union/overlay.ts",
      from: 'live.isDirectory ? cover(scratch, place, live, at) : "refused";',
      to: '"refused" as string;',
    },
    {
      file: "lib/union/overlay.ts",
      from: "if (!isHarmless && !ground().bindsAnything) {",
      to: "if (!isHarmless && scratch === at.path) {",
    },
  ],
  "modes do not matter": [{
    file: "lib/changes/readers.ts",
    from: "const OTHERS_READ = 0o004;\nconst OTHERS_SEARCH = 0o001;",
    to: "const OTHERS_READ = 0o777;\nconst OTHERS_SEARCH = 0o777;",
  }],
  "text as it comes": [{
    file: "lib/terminal/printable.ts",
    from: "/[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}]/gu",
    to: "/[]/gu",
  }],
  "rsync without walls": WITHOUT_WALLS,
  "an evaluator without walls": WITHOUT_WALLS,
};
