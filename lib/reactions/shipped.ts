/**
 * The reactions that ship with DISCO: the files of `reactions.d/` beside this one.
 *
 * @module
 */
import files from "./reactions.d/10-files.conf" with { type: "text" };
import kernel from "./reactions.d/20-kernel.conf" with { type: "text" };
import services from "./reactions.d/30-services.conf" with { type: "text" };

/** The files by their names, in the order in which they count. */
export const SHIPPED_REACTIONS: Readonly<Record<string, string>> = {
  "10-files.conf": files,
  "20-kernel.conf": kernel,
  "30-services.conf": services,
};
