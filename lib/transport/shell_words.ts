/**
 * What rsync may ask of the remote shell: `[-4|-6] [-l USER] HOST rsync --server ...` (rsync's main.c). The
 * far side gives the words after the host to a shell, and rsync has read what the server sent: so
 * only what DISCO itself asked for is passed on.
 *
 * @module
 */
import { DiscoError } from "../error/mod.ts";
import { printable } from "../terminal/printable.ts";

/** What a call of rsync is for. */
export interface Asked {
  /** As in the address, `[user@]host`, brackets around an IPv6 address. */
  readonly host: string;
  /** The first words of the shell; with a `-l` in them, the address' user is another one's. */
  readonly shell: readonly string[];
  /** The program on the server. */
  readonly program: string;
  /** The paths on the server, or a daemon that knows them. */
  readonly paths: readonly string[] | "daemon";
}

/** Long options that rsync passes to the sender for those that DISCO or the setting may give. */
const OPTIONS = new Set(
  ("sender server timeout checksum-choice checksum-seed compress-choice compress-level new-compress " +
    "old-compress skip-compress bwlimit max-alloc log-format modify-window stats iconv " +
    "no-implied-dirs safe-links open-noatime no-r block-size delete delete-before delete-during " +
    "delete-after delete-delay ignore-errors mkpath debug info msgs2stderr partial protect-args " +
    "secluded-args no-W no-whole-file old-args").split(" "),
);

/** The words for the shell, or a {@linkcode DiscoError} for what nobody asked for. */
export function checkShellWords(asked: Asked, given: readonly string[]): string[] {
  const refuse = (why: string): never => {
    throw new DiscoError(
      `Cannot start the remote shell as rsync wants: ${why} in "${printable(given.join(" "))}"`,
      { hint: "if disco/client/cmds/rsync has options for the server, leave them out" },
    );
  };
  const [, user, name = ""] = /^(?:(.*)@)?(.*)$/.exec(asked.host)!;
  const host = name.replace(/^\[(.*)\]$/, "$1");
  let words = [...given];
  const own = asked.shell.some((word) => word.startsWith("-l"));
  const login: string[] = [];
  const family = /^-[46]$/.test(words[0] ?? "") ? [words.shift()!] : [];
  if (words[0] === "-l") {
    if (user === undefined || words[1] !== user) refuse("another user");
    if (!own) login.push("-l", user!);
    words = words.slice(2);
  }
  if (words.shift() !== host) refuse("another host");
  if (words.shift() !== asked.program) refuse("another program");
  if (words.shift() !== "--server") refuse('no "--server"');
  const head = [...family, ...login, host, asked.program, "--server"];
  if (asked.paths === "daemon") {
    if (words.join(" ") !== "--daemon .") refuse("something besides a daemon");
    return [...head, ...words];
  }
  const dot = words.indexOf(".");
  const options = dot < 0 ? words : words.slice(0, dot);
  const bad = options.find((word) => !isOption(word));
  if (bad !== undefined) refuse(`the option "${printable(bad)}"`);
  const paths = dot < 0 ? [] : words.slice(dot + 1);
  // Without paths here they follow inside of the protocol (--secluded-args).
  const { paths: expected } = asked;
  const foreign = paths.find((path, i) => unescaped(path) !== expected[i]);
  if (foreign !== undefined) refuse(`the path "${printable(foreign)}"`);
  return [...head, ...words];
}

function isOption(word: string): boolean {
  if (/^-[A-Za-z0-9.]+$/.test(word)) return !/^-[^e]*[LkK]/.test(word);
  const [, name, value = ""] = /^--([a-z0-9-]+)(?:=(.*))?$/is.exec(word) ?? [];
  return name !== undefined && OPTIONS.has(name) && /^[\w.,:%@/+-]*$/.test(value);
}

/** As the far side's shell reads a word; undefined where it would do more than read it. */
function unescaped(word: string): string | undefined {
  if (!/^(?:[\w.,=@:%+/~^-]|[^\0-\x7f]|\\[^\n])*$/u.test(word)) return undefined;
  return word.replace(/\\(.)/gu, "$1");
}
