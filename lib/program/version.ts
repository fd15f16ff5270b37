/**
 * Which DISCO this is; deno.json says the same.
 *
 * @module
 */
export const VERSION = "0.1.0";
