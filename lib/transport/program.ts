/**
 * The setting `disco/client/cmds/rsync`: a program and its first arguments.
 *
 * @module
 */
import { findProgram } from "../process/find_program.ts";
import type { Mount } from "../walled/mod.ts";
import { isFile } from "../files/look.ts";
import { splitWords } from "./words.ts";

/** How rsync is called, with the remote shell taken out: that runs elsewhere. */
export interface Program {
  /** The program as it was given, and the arguments that come first. */
  readonly words: readonly string[];
  /** The command of `-e` or `--rsh`, the last one. */
  readonly shell: readonly string[] | undefined;
  /** What `--rsync-path` says the program on the server is. */
  readonly remote: string;
}

const KEY = "disco/client/cmds/rsync";

/** Read the setting's text. */
export function parseProgram(text: string): Program {
  const words: string[] = [];
  let shell: string | undefined;
  let remote = "rsync";
  const given = splitWords(text, KEY);
  for (let i = 0; i < given.length; i++) {
    const word = given[i]!;
    const [, value] = /^--rsh=(.*)$/s.exec(word) ?? [];
    // Short options may stand together, and the value of the last right behind it.
    const short = i > 0 ? /^-([A-Za-df-z0-9]*)e(.*)$/s.exec(word) : null;
    if (value !== undefined) shell = value;
    else if (word === "--rsh") shell = given[++i];
    else if (short && takesNoValue(short[1]!)) {
      if (short[1]) words.push(`-${short[1]}`);
      shell = short[2] || given[++i];
    } else {
      remote = /^--rsync-path=(.*)$/s.exec(word)?.[1] ??
        (given[i - 1] === "--rsync-path" ? word : remote);
      words.push(word);
    }
  }
  return {
    words,
    shell: shell === undefined ? undefined : splitWords(shell, `${KEY} (--rsh)`),
    remote,
  };
}

/** Short options whose value would be the rest of the word. */
function takesNoValue(letters: string): boolean {
  return !/[BTMf@]/.test(letters);
}

/** Where the program is, as the walls show it too; undefined where there is none. */
export function pathOf({ words: [name = ""] }: Program): string | undefined {
  return findProgram(name);
}

const SHOWN = /^\/(usr|bin|sbin|lib|lib32|lib64|libx32|opt|nix\/store|gnu\/store)\//;

/**
 * The files of the command that the walls would not show: the program itself, and what is named by
 * an absolute path, such as `--password-file=/etc/disco/password`.
 */
export function filesOf(program: Program): Mount[] {
  const paths = program.words.map((word) => word.replace(/^--?[\w-]+=/, ""))
    .filter((path) => path.startsWith("/") && isFile(path));
  const all = new Set([pathOf(program) ?? "", ...paths]);
  return [...all].filter((path) => path !== "" && !SHOWN.test(path))
    .map((path) => ({ from: path, to: path }));
}
