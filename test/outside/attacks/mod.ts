/**
 * Everything that is tried from outside of the sandbox's walls.
 *
 * @module
 */
import type { Attack } from "../attack.ts";
import { BALLS } from "./balls.ts";
import { LINKS } from "./links.ts";
import { USERS } from "./users.ts";

/** In the order of the table. */
export const ATTACKS: readonly Attack[] = [...LINKS, ...USERS, ...BALLS];
