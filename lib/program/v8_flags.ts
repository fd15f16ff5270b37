/**
 * How V8 is to use memory: in spaces of up to 2 MiB for new objects, instead of 16. A dance makes
 * many objects that live for a moment only, and V8 has three such spaces. The tasks in `deno.json` say
 * the same.
 *
 * @module
 */

/** The option of `deno run` and `deno compile`. */
export const V8_FLAGS = "--v8-flags=--max-semi-space-size=2";
