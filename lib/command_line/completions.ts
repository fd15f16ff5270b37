/**
 * Completions of shells, as text made from the commands: no Tab starts the runtime. Names of balls and
 * dances come from the folders in which this node keeps them.
 *
 * @module
 */
import { COMMON_OPTIONS } from "./common.ts";
import { dashed } from "./help.ts";
import type { CommandRow, Offer, OptionRow } from "./row.ts";

/** The shells that are known. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
/** One of the {@linkcode SHELLS}. */
export type Shell = typeof SHELLS[number];

/** Commands that lists of commands and completions name besides. */
const OTHERS = [
  { name: "help", summary: "Show the commands, or the help of one" },
  { name: "completions", summary: "Print completions for bash, zsh or fish" },
  { name: "man", summary: "Print the man page of a command" },
];
const BALLS = "/var/disco/localstore";
const DANCES = "/var/disco/dances";

/** What a shell reads to complete `disco`. */
export function completions(shell: Shell, rows: readonly CommandRow[]): string {
  return shell === "bash" ? bash(rows) : shell === "zsh" ? zsh(rows) : fish(rows);
}

function optionsOf(row: CommandRow): readonly OptionRow[] {
  return [...row.options ?? [], ...COMMON_OPTIONS];
}

function offerOf(row: CommandRow): Offer | undefined {
  return row.words?.find(({ offer }) => offer !== undefined)?.offer;
}

/** A command of the shell that prints what is offered, a line each. */
function listing(offer: Offer | undefined): string {
  if (offer === "balls") return `ls ${BALLS} 2>/dev/null`;
  if (offer === "dances") return `ls ${DANCES} 2>/dev/null`;
  if (offer === undefined || offer === "files") return "";
  return `printf '%s\\n' ${offer.join(" ")}`;
}

function bash(rows: readonly CommandRow[]): string {
  const cases = rows.map((row) => {
    const valued = optionsOf(row).filter(({ value }) => value !== undefined).map(dashed);
    const chosen = optionsOf(row).filter(({ choices }) => choices)
      .map((one) => `      ${dashed(one)}) words='${one.choices!.join(" ")}' ;;\n`).join("");
    return `    ${row.name})
      options='${optionsOf(row).map(dashed).join(" ")}'
      case $before in
${chosen}      ${valued.join(" | ")}) return ;;
      *) words=$(${listing(offerOf(row)) || ":"}) ;;
      esac
      ;;`;
  });
  const names = [...rows, ...OTHERS].map(({ name }) => name).join(" ");
  return `# Completions of disco for bash: source this file, or put it into
# /etc/bash_completion.d/disco.
_disco() {
  local word=$2 before=$3 options= words=
  if [[ $COMP_CWORD -eq 1 || ($COMP_CWORD -eq 2 && \${COMP_WORDS[1]} == @(help|man)) ]]; then
    COMPREPLY=($(compgen -W '${names}' -- "$word"))
    return
  fi
  case \${COMP_WORDS[1]} in
    completions) words='${SHELLS.join(" ")}' ;;
${cases.join("\n")}
  esac
  if [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$word"))
  else
    COMPREPLY=($(compgen -W "$words" -- "$word"))
  fi
}
complete -o default -F _disco disco
`;
}

function zsh(rows: readonly CommandRow[]): string {
  const quoted = (text: string) => text.replaceAll("'", "'\\''").replaceAll(/[[\]:]/g, "\\$&");
  const cases = rows.map((row) => {
    const specs = optionsOf(row).map((option) => {
      const { value, choices, isMany, help } = option;
      const action = choices ? `:${value}:(${choices.join(" ")})` : value ? `:${value}:_files` : "";
      return `      '${isMany ? "*" : ""}${dashed(option)}[${quoted(help)}]${action}'`;
    });
    const words = listing(offerOf(row));
    const word = words
      ? `      '*:word:($(${words.replaceAll("'", "'\\''")}))'`
      : "      '*:file:_files'";
    return `    ${row.name}) _arguments -s \\\n${[...specs, word].join(" \\\n")} ;;`;
  });
  const commands = [...rows, ...OTHERS].map(({ name, summary }) =>
    `    '${name}:${quoted(summary)}'`
  );
  return `#compdef disco
# Completions of disco for zsh: put this file into a folder of $fpath, as _disco.
_disco() {
  local -a commands=(
${commands.join("\n")}
  )
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
    help | man) _describe command commands ;;
    completions) _values shell ${SHELLS.join(" ")} ;;
${cases.join("\n")}
  esac
}
_disco "$@"
`;
}

function fish(rows: readonly CommandRow[]): string {
  const quoted = (text: string) => `'${text.replaceAll(/['\\]/g, "\\$&")}'`;
  const lines = rows.flatMap((row) => {
    const when = `-n '__fish_seen_subcommand_from ${row.name}'`;
    const words = listing(offerOf(row));
    return [
      ...(words ? [`complete -c disco ${when} -a ${quoted(`(${words})`)}`] : []),
      ...optionsOf(row).map(({ name, short, value, choices, help }) => {
        const long = name.length === 1 ? `-s ${name}` : `-l ${name}`;
        const letter = short ? ` -s ${short}` : "";
        const more = choices ? ` -x -a ${quoted(choices.join(" "))}` : value ? " -r" : "";
        return `complete -c disco ${when} ${long}${letter}${more} -d ${quoted(help)}`;
      }),
    ];
  });
  const names = [...rows, ...OTHERS].map(({ name, summary }) =>
    `complete -c disco -f -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`
  );
  return `# Completions of disco for fish: put this file into ~/.config/fish/completions/disco.fish.
${
    [
      ...names,
      `complete -c disco -f -n '__fish_seen_subcommand_from completions' -a '${SHELLS.join(" ")}'`,
      ...lines,
    ].join("\n")
  }
`;
}
