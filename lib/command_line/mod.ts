/**
 * Command lines: what commands are, how they are parsed, and what is printed about them.
 *
 * @module
 */
export { COMMON_OPTIONS } from "./common.ts";
export { completions, SHELLS } from "./completions.ts";
export { helpText, overview } from "./help.ts";
export { manPage } from "./man.ts";
export { nearest } from "./nearest.ts";
export { type Options, parseOptions, type Spec, usageError } from "./parse.ts";
export type {
  Command,
  CommandRow,
  FormRow,
  Group,
  Main,
  Offer,
  OptionRow,
  WordRow,
} from "./row.ts";
