/**
 * The command `disco-param` for the inside of a ball.
 *
 * @module
 */
import script from "./disco_param.sh" with { type: "text" };

/** The text of the program: POSIX sh, reads the tree in `DISCO_PARAMETERS`. */
export const DISCO_PARAM: string = script;
