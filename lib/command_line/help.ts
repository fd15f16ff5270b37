/**
 * Help as text.
 *
 * @module
 */
import { COMMON_OPTIONS } from "./common.ts";
import { type CommandRow, type Group, GROUPS, type OptionRow, type WordRow } from "./row.ts";

/** Columns of a page. */
const WIDTH = 100;
/** Where explanations begin. */
const COLUMN = 24;

/** What `disco COMMAND --help` prints. */
export function helpText(row: CommandRow): string {
  const own = [
    ...(row.forms ?? []).map(({ form, help }) => entry(form, help)),
    ...(row.options ?? []).map((option) => entry(optionText(option), optionHelp(option))),
  ];
  return [
    `${row.summary}.`,
    synopsesOf(row).map((line, i) => `${i === 0 ? "usage:" : "      "} ${line}`).join("\n"),
    ...own.length > 0 ? [own.join("\n")] : [],
    ...row.text === undefined ? [] : [row.text],
    ["every command:", ...COMMON_OPTIONS.map((option) => entry(optionText(option), option.help))]
      .join("\n"),
  ].join("\n\n");
}

/** What `disco help` prints. */
export function overview(rows: readonly CommandRow[]): string {
  const groups = (Object.entries(GROUPS) as [Group, string][]).map(([group, title]) =>
    [
      `${title}:`,
      ...rows.filter((row) => row.group === group).map(({ name, summary }) =>
        `  ${name.padEnd(13)}${summary}`
      ),
    ].join("\n")
  );
  return [
    "usage: disco COMMAND [OPTIONS]\n       disco help COMMAND",
    ...groups,
    "  help, --version, completions bash|zsh|fish, man COMMAND",
  ].join("\n\n");
}

/** How a command is called, a line each. */
export function synopsesOf({ name, words = [], options = [], forms, rest }: CommandRow): string[] {
  const some = options.length > 0 || rest !== undefined ? " [options]" : "";
  if (forms) return forms.map(({ form }) => `disco ${name} ${form}${some}`);
  const shown = words.map((word) => ` ${wordText(word)}`).join("");
  return [`disco ${name}${shown}${some}${rest === undefined ? "" : ` -- ${rest}`}`];
}

function wordText({ name, isOptional, isMany }: WordRow): string {
  const text = isMany ? `${name}...` : name;
  return isOptional ? `[${text}]` : text;
}

/** `-q, --quiet`, `--diff full|short|none`. */
export function optionText({ name, short, value, choices }: OptionRow): string {
  const shown = choices?.join("|") ?? value;
  return `${short === undefined ? "" : `-${short}, `}${dashed({ name })}${
    shown === undefined ? "" : ` ${shown}`
  }`;
}

/** An option with its hyphens: one letter has one. */
export function dashed({ name }: Pick<OptionRow, "name">): string {
  return name.length === 1 ? `-${name}` : `--${name}`;
}

/** What is said of an option. */
export function optionHelp({ help, isMany }: OptionRow): string {
  return isMany ? `${help} (can be given more than once)` : help;
}

function entry(what: string, help: string): string {
  const lines = wrapped(help, WIDTH - COLUMN);
  const rest = lines.slice(1).map((line) => " ".repeat(COLUMN) + line);
  if (what.length + 4 <= COLUMN) {
    return [`  ${what}`.padEnd(COLUMN) + lines[0]!, ...rest].join("\n");
  }
  return [`  ${what}`, ...lines.map((line) => " ".repeat(COLUMN) + line)].join("\n");
}

function wrapped(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1)!;
    if (line !== "" && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines;
}
