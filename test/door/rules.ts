/**
 * What may be named by path, and what only through the door.
 *
 * @module
 */
import type { Call, Named } from "./trace.ts";

/** Folders that belong to DISCO, to the kernel or to the runtime: nobody else can change a name there. */
const OWN: readonly RegExp[] = [
  /^\/(proc|sys|dev)(\/|$)/,
  /^\/(var|etc)\/disco(\/|$)/,
  /^\/run\/(disco|universe|test)(\/|$)/,
];

/** Parts of those that balls can write to: the union, layers, and what scripts leave for DISCO. */
const FOREIGN: readonly RegExp[] = [
  /^\/run\/disco\/[^/]+\/scratch\/(root|snapshot)\/./,
  /^\/run\/disco\/[^/]+\/scratch\/(upper|work)\/\d+\/\d+\/./,
  /^\/run\/disco\/[^/]+\/scratch\/(out|effects|ask)\/./,
  // Of these the sandbox has mounts in /run, which are made anew for each ball.
  /^\/run\/disco\/[^/]+\/scratch\/volatile\/(run|tmp|shm)\/(?!(disco|lock)$)./,
  /^\/proc\/(self|thread-self|\d+)\/(root|cwd)(\/|$)/,
];

/** What scripts leave for DISCO: one name in a folder that only DISCO can rename. */
const LEFT = /^\/run\/disco\/[^/]+\/scratch\/(out|effects|ask)\/[^/]+$/;

/** A call that does not follow a link in the last place. */
function isUnfollowed(name: string, words: string): boolean {
  return /^(unlink|rename|mkdir|rmdir)/.test(name) || words.includes("NOFOLLOW");
}

/** A name that is used by path all the same, and why that does no harm. */
interface Allowed {
  readonly path: RegExp;
  readonly calls?: RegExp;
  readonly why: string;
}

/** Shrinks, and grows only with a reason. */
export const ALLOWED: readonly Allowed[] = [
  { path: /^\/$/, why: "the root itself is opened once, and mounted upon" },
  {
    path: /^\/(etc|var|run|tmp|usr|root|srv)?$/,
    calls: /^(l?stat|statx|readlink)$/,
    why: "of root, and of the root",
  },
  {
    path: /^\/(etc\/(localtime|ld\.so.*|nsswitch\.conf|resolv\.conf|host\.conf|hosts|os-release))$/,
    why: "read by libc or for facts, in root's folder",
  },
  {
    path: /^\/(usr\/|lib|bin|sbin)/,
    why: "programs and libraries, in root's folders, before the union is mounted",
  },
  {
    path: /(^|\/)(package\.json|deno\.jsonc?|node_modules|\.npmrc)$/,
    calls: /^(openat|statx|l?stat|access)$/,
    why: "the runtime looks for its settings above the program",
  },
  { path: /^\/(tmp|run)$/, why: "in the way of a temporary folder" },
  { path: /^\/tmp\/(deno|disco-)/, why: "a temporary folder that mkdtemp(3) made" },
  {
    path: /^\/run\/(systemd\/(system|units)?|dbus|udev|openrc\/softlevel$)/,
    calls: /^(statx|l?stat|access)$/,
    why: "root's",
  },
];

/** Folders that a run needs besides: the program's own. */
export type Runtime = readonly string[];

/** Names of a call that go past the door: none if it is fine. */
export function strayNames(call: Call, runtime: Runtime): string[] {
  return call.paths.filter((named) => isStray(call, named, runtime)).map(full);
}

function isStray({ name, words }: Call, named: Named, runtime: Runtime): boolean {
  // The target of a link is text.
  if (name.startsWith("symlink") && words.startsWith(JSON.stringify(named.text))) return false;
  if (isOneStep(named)) return false;
  if (name === "openat2" && isResolvedSafely(words)) return false;
  const path = full(named);
  if (isDescriptor(path) || (LEFT.test(path) && isUnfollowed(name, words))) return false;
  if (FOREIGN.some((pattern) => pattern.test(path))) return true;
  if (OWN.some((pattern) => pattern.test(path))) return false;
  if (
    runtime.some((folder) =>
      path === folder || path.startsWith(`${folder}/`) || isAbove(path, folder)
    )
  ) {
    return false;
  }
  // Layers are named relative to the scratchpad.
  if (!path.startsWith("/") && /^(mount|fsconfig)$/.test(name)) return false;
  return !ALLOWED.some((allowed) => allowed.path.test(path) && (allowed.calls?.test(name) ?? true));
}

/**
 * A name in a directory that is open: no directory is on the way. ".." is one too: whoever walks up
 * compares the inode with the one that it came from (lib/posix/descent.ts, `follow`).
 */
function isOneStep({ text, dir }: Named): boolean {
  return dir !== undefined && !text.includes("/");
}

function isResolvedSafely(words: string): boolean {
  const flags = /resolve=([A-Z_|]+)/.exec(words)?.[1]?.split("|") ?? [];
  const stays = flags.includes("RESOLVE_BENEATH") || flags.includes("RESOLVE_IN_ROOT");
  return stays &&
    (flags.includes("RESOLVE_NO_MAGICLINKS") || flags.includes("RESOLVE_NO_SYMLINKS"));
}

/** What is open, or one name in it, reached through /proc. */
function isDescriptor(path: string): boolean {
  return /^\/proc\/(thread-self|self|self\/task\/\d+)\/fd\/\d+(\/[^/]+)?$/.test(path) &&
    !/\/\.\.?$/.test(path);
}

function isAbove(path: string, folder: string): boolean {
  return folder.startsWith(path.endsWith("/") ? path : `${path}/`);
}

function full({ text, dir }: Named): string {
  if (dir === undefined || text.startsWith("/")) return text;
  return text === "" ? dir : `${dir}/${text}`;
}
