/**
 * The commands of `disco`, each loaded when it is asked for.
 *
 * @module
 */
import type { Command } from "../lib/command_line/mod.ts";
import { BALLS } from "./commands/balls.ts";
import { DANCE } from "./commands/dance.ts";
import { LOOK } from "./commands/look.ts";
import { STAGES } from "./commands/stages.ts";
import { UNDO } from "./commands/undo.ts";

/** All of them, in the order of their groups. */
export const COMMANDS: readonly Command[] = [...DANCE, ...UNDO, ...LOOK, ...BALLS, ...STAGES];

/** The command of a name; undefined where there is none. */
export function commandOf(name: string): Command | undefined {
  return COMMANDS.find((command) => command.name === name);
}
