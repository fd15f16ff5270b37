/**
 * The commands that show what was done, and what there is.
 *
 * @module
 */
import type { Command } from "../../lib/command_line/mod.ts";
import type { Format } from "../../lib/report/mod.ts";
import { SHOW_OPTIONS } from "./shared_options.ts";

export const LOOK: readonly Command[] = [
  {
    name: "status",
    group: "look",
    summary: "Say how this node stands: the last dance, orphans, what is owed",
    text: `With --verbose every orphan is named: a path that a ball delivered once, and that no ball
delivers any more. The exit code is 1 if the last dance failed, or while anything is owed or waits to
be confirmed.`,
    load: () => import("../status.ts"),
  },
  {
    name: "report",
    group: "look",
    summary: "Show what a dance did and what it cost",
    words: [{ name: "DANCE", isOptional: true, offer: "dances" }],
    options: [
      { name: "ball", value: "NAME", help: "this ball only (text)" },
      {
        name: "format",
        value: "NAME",
        choices: ["text", "json", "prometheus", "html"] satisfies Format[],
        help: "text, JSON, a file for Prometheus' textfile collector, or one HTML page",
      },
      {
        name: "output",
        value: "FILE",
        help:
          "write FILE at once instead of printing; a new file is readable for its owner only, " +
          "except with prometheus",
      },
    ],
    text: "Without DANCE the last one is shown (see disco history).",
    load: () => import("../report.ts"),
  },
  {
    name: "history",
    group: "look",
    summary: "List the dances and generations of this node, or show one again",
    words: [
      { name: "show", isOptional: true, offer: ["show"] },
      { name: "DANCE", isOptional: true, offer: "dances" },
    ],
    forms: [
      { form: "", help: "list them" },
      { form: "show DANCE", help: "the changes and the outcome of a dance" },
    ],
    options: SHOW_OPTIONS,
    load: () => import("../history.ts"),
  },
  {
    name: "param",
    group: "look",
    summary: "Read and write the parameters of this node",
    words: [
      { name: "WHAT", offer: ["get", "keys", "dump", "set", "delete"] },
      { name: "KEY", isOptional: true },
      { name: "DEFAULT", isOptional: true },
    ],
    forms: [
      {
        form: "get KEY [DEFAULT]",
        help: "print the content of a parameter, or the default if there is none",
      },
      { form: "keys [KEY]", help: 'list the names in a folder; folders end with "/"' },
      {
        form: "dump [KEY]",
        help: "print all parameters as PATH=VALUE lines (an object with --json)",
      },
      { form: "set KEY", help: "write what comes on standard input into a parameter" },
      {
        form: "set -",
        help: "read PATH=VALUE lines, such as dump prints; PATH={} makes an empty folder",
      },
      { form: "delete [-r] KEY", help: "delete a parameter" },
    ],
    options: [{ name: "r", help: "with delete: a folder and all it holds" }],
    text:
      `What is set below the node's name lasts until the next fetch; "disco/..." is never fetched.
Keys begin with the node's name or "disco": $(hostname -f)/users/present/alice. The key
"current_module" is the name of the ball that is being applied. Lines that dump cannot print as
they are (several lines, no newline at the end, control characters) read PATH\\=CONTENT, where \\n
is a newline, \\\\ a backslash and \\xHH a byte.`,
    load: () => import("../param.ts"),
  },
  {
    name: "policy",
    group: "look",
    summary: "Say what becomes of a command in a ball, and by which rule",
    options: [
      {
        name: "ball",
        value: "BALL",
        help: "with the rules that the node's parameters have for this ball",
      },
    ],
    rest: "COMMAND [ARGUMENT...]",
    text: `run         it runs in the sandbox, and changes only the union
effect      it is put off, and carried out on the live system after the merge
run+effect  both: it changes files in the union, and acts after the merge
deny        it is refused
host        it only asks: the live system answers

The rules are lines "command [first-words...] run|effect|run+effect|deny|host": the shipped ones,
then those of /etc/disco/restricted.d/*.conf, of the parameters restricted.d/NAME and, for one ball,
BALL/restricted.d/NAME (these cannot say "host"). The rule with the most words decides, of equals the
last one. A command without a rule runs; in the strict mode (--restricted) it is an effect.
"effect+input" reads its standard input although no word of it says so, "effect+silent" prints nothing.`,
    load: () => import("../policy.ts"),
  },
  {
    name: "checks",
    group: "look",
    summary: "List what tries the finished tree before a merge",
    text:
      `A line is "PATH-GLOB [if=WHERE]... [unless=PATH-GLOB]... [warn] COMMAND...": the shipped ones,
then those of /etc/disco/checks.d/*.conf, of the parameters checks.d/NAME, and of the file "checks" of
each fetched ball. A file replaces one of the same name from before. What is said of tools is true of
this system as it is now; a dance looks for them in the finished tree.`,
    load: () => import("../checks.ts"),
  },
  {
    name: "reactions",
    group: "look",
    summary: "Say what a change of a path sets off, and by which line",
    words: [{ name: "PATH", isOptional: true, isMany: true, offer: "files" }],
    text: `Without a path all lines are listed. A line is
"PATH-GLOB [if=WHERE]... [unless=PATH-GLOB]... COMMAND...": the shipped ones, then those of
/etc/disco/reactions.d/*.conf, of the parameters reactions.d/NAME, and of the file "reactions" of each
fetched ball. A file replaces one of the same name from before.`,
    load: () => import("../reactions.ts"),
  },
];
