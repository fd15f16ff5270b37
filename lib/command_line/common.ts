/**
 * The options that every command understands.
 *
 * @module
 */
import type { OptionRow } from "./row.ts";

/** In the order of `--help`. */
export const COMMON_OPTIONS: readonly OptionRow[] = [
  {
    name: "server",
    value: "URI",
    help: "universe: a path, rsync://host/module, host::module, user@host:/path, or embedded",
  },
  { name: "node", value: "NAME", help: "the node's name (default: hostname -f)" },
  { name: "noop", short: "n", help: "show what would change, merge nothing (also NOOP=1)" },
  {
    name: "restricted",
    help: "strict mode: scripts run under bash --restricted, with allowed commands only",
  },
  { name: "root", value: "DIR", help: "configure the tree in DIR instead of /" },
  {
    name: "state",
    value: "DIR",
    help: "keep DISCO's own files below DIR (etc/disco, var/disco, run/disco)",
  },
  { name: "json", help: "one JSON document on standard output" },
  { name: "quiet", short: "q", help: "outcome, warnings and errors only" },
  { name: "verbose", short: "v", help: "details too" },
  { name: "help", short: "h", help: "this text" },
];
