/**
 * What a command is, as data: its help, its parser, completions and pages are made from it.
 *
 * @module
 */
import type { Options } from "./parse.ts";

/** An option with its hyphens left out. */
export interface OptionRow {
  /** Its long name; of one letter, it has one hyphen. */
  readonly name: string;
  /** One letter. */
  readonly short?: string;
  /** What stands for its value in texts, such as `FILE`; a flag has none. */
  readonly value?: string;
  /** The only values that it takes. */
  readonly choices?: readonly string[];
  /** It can be given more than once. */
  readonly isMany?: boolean;
  /** One sentence, without a full stop. */
  readonly help: string;
}

/** What completions offer for a word. */
export type Offer = "balls" | "dances" | "files" | readonly string[];

/** A word besides the options. */
export interface WordRow {
  /** As texts show it, such as `BALL`. */
  readonly name: string;
  /** It can be left out. */
  readonly isOptional?: boolean;
  /** Any number of them; the last word only. */
  readonly isMany?: boolean;
  /** What completions offer for it. */
  readonly offer?: Offer;
}

/** A way to call a command that begins with a word of its own: `get KEY [DEFAULT]`. */
export interface FormRow {
  /** Its words. */
  readonly form: string;
  /** One sentence, without a full stop. */
  readonly help: string;
}

/** Headlines of the list of commands, in its order. */
export const GROUPS: Readonly<Record<Group, string>> = {
  dance: "configure this node",
  undo: "keep, undo, recover",
  look: "look",
  ball: "write balls",
  stage: "one stage at a time",
};

/** What a command is for. */
export type Group = "dance" | "undo" | "look" | "ball" | "stage";

/** A command without what it runs. */
export interface CommandRow {
  /** The word after `disco`. */
  readonly name: string;
  /** Where lists of commands have it. */
  readonly group: Group;
  /** One line, without a full stop. */
  readonly summary: string;
  /** What it takes besides options. */
  readonly words?: readonly WordRow[];
  /** Its own, besides the common ones. */
  readonly options?: readonly OptionRow[];
  /** Where its words alone do not say how it is called. */
  readonly forms?: readonly FormRow[];
  /** It takes a whole command behind `--`, which texts call so. */
  readonly rest?: string;
  /** More to know. */
  readonly text?: string;
}

/** What a command runs; the result is the exit code (docs/reference/commands.md). */
export type Main = (options: Options, argv: readonly string[]) => number | Promise<number>;

/** A command. */
export interface Command extends CommandRow {
  /** Load what it runs, and nothing before it is asked for. */
  load(): Promise<{ readonly main: Main }>;
}
