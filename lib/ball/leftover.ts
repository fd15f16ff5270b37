/**
 * Files beside scripts that editors and package managers leave.
 *
 * @module
 */
import { basename } from "@std/path";

const LEFTOVER = /(~|\.(bak|orig|rej|swp|dpkg-\w+|rpm\w+))$|^\.|^README/;

/** Whether the name of a file is that of a copy or of notes, and hardly of a script. */
export function isLeftover(path: string): boolean {
  return LEFTOVER.test(basename(path));
}
