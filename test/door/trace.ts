/**
 * The system calls that DISCO's own process makes with names, out of what strace printed.
 *
 * @module
 */

/** One call. */
export interface Call {
  readonly name: string;
  /** Everything between the parentheses, as strace printed it. */
  readonly words: string;
  /** Each name that it was given, and where that begins. */
  readonly paths: readonly Named[];
}

/** A name that was given to the kernel. */
export interface Named {
  readonly text: string;
  /** The path of the open directory that it begins in; undefined for the working directory. */
  readonly dir: string | undefined;
}

/** What strace must trace: calls with names, mounts, and what tells threads from processes. */
export const TRACED = [
  "%file,clone,clone3,fork,vfork,umount2,mount,mount_setattr",
  "fsconfig,fsmount,fsopen,move_mount,open_tree,fspick,pivot_root",
].join(",");

/** The options of strace whose output {@linkcode callsOf} reads. */
export const STRACE: readonly string[] = [
  ...["strace", "-f", "-qq", "-y", "-s", "4096", "--signal=none", "-e", `trace=${TRACED}`],
];

/** The calls of the first process in a trace, with all its threads. */
export function callsOf(trace: string): Call[] {
  const calls: Call[] = [];
  const lines = trace.split("\n").filter(Boolean);
  const threads = new Set([lines[0]!.split(" ")[0]!]);
  const cutOff = new Map<string, string>();
  for (const line of lines) {
    const [, thread = "", said = ""] = /^(\d+) +(.*)$/.exec(line) ?? [];
    if (said.endsWith(" <unfinished ...>")) {
      cutOff.set(thread, said.slice(0, -" <unfinished ...>".length));
      continue;
    }
    const rest = /^<\.\.\. \w+ resumed>(.*)$/.exec(said)?.[1];
    const whole = rest === undefined ? said : (cutOff.get(thread) ?? "") + rest;
    if (!threads.has(thread)) continue;
    const made = /CLONE_THREAD.* = (\d+)/.exec(whole)?.[1];
    if (made) threads.add(made);
    const call = parseCall(whole);
    if (call) calls.push(call);
  }
  return calls;
}

function parseCall(text: string): Call | undefined {
  const [, name, words] = /^(\w+)\((.*)\)\s+= /s.exec(text) ?? [];
  if (name === undefined || words === undefined) return undefined;
  return { name, words, paths: namesIn(name, words) };
}

/** Calls whose string is no name but a value, or that read it from the kernel. */
const VALUES = ["getcwd", "fsopen"];

function namesIn(name: string, words: string): Named[] {
  if (VALUES.includes(name)) return [];
  if (name === "fsconfig") {
    const [, key = "", value = ""] =
      /FSCONFIG_SET_\w+, "([^"]*)", "((?:[^"\\]|\\.)*)"/.exec(words) ??
        [];
    return ["lowerdir+", "lowerdir", "upperdir", "workdir"].includes(key)
      ? [{ text: unescape(value), dir: undefined }]
      : [];
  }
  const found: Named[] = [];
  // A directory's descriptor, and the name after it; or a name alone.
  const pattern = /(?:(AT_FDCWD|\d+)(?:<((?:[^>\\]|\\.)*)>)?, )?"((?:[^"\\]|\\.)*)"/g;
  for (const [, fd, dir, text = ""] of words.matchAll(pattern)) {
    const isAt = fd !== undefined && fd !== "AT_FDCWD";
    found.push({ text: unescape(text), dir: isAt ? unescape(dir ?? "?") : undefined });
  }
  return found.slice(0, ARGUMENTS[name] ?? 1).concat(name === "mount" ? lowersOf(words) : []);
}

/** How many of the strings that a call shows are names that it was given; one unless told. */
const ARGUMENTS: Readonly<Record<string, number>> = {
  rename: 2,
  renameat: 2,
  renameat2: 2,
  link: 2,
  linkat: 2,
  mount: 2,
  move_mount: 2,
  pivot_root: 2,
  symlink: 2,
  symlinkat: 2,
};

/** The folders that the options of an overlay name. */
function lowersOf(words: string): Named[] {
  const options = /"((?:[^"\\]|\\.)*)"$/.exec(words)?.[1] ?? "";
  return [...unescape(options).matchAll(/(?:lowerdir|upperdir|workdir)=([^,]*)/g)]
    .flatMap(([, folders]) => folders!.split(":"))
    .map((text) => ({ text, dir: undefined }));
}

function unescape(text: string): string {
  return text.replace(
    /\\(n|t|"|\\|[0-7]{1,3})/g,
    (_, c: string) =>
      ({ n: "\n", t: "\t", '"': '"', "\\": "\\" })[c] ?? String.fromCharCode(parseInt(c, 8)),
  );
}
