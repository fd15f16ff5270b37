/**
 * Start the command `disco NAME ...`: from the bundle in `dist/` if it was built from these sources
 * ({@linkcode builtMain}), else from the sources themselves.
 *
 * @module
 */
import { builtMain } from "../lib/program/built.ts";

const PROJECT = decodeURIComponent(new URL("..", import.meta.url).pathname).replace(/\/$/, "");

// Paths on the command line mean the caller's folder, which "deno task" leaves for the project's.
const from = Deno.env.get("INIT_CWD");
if (from?.startsWith("/") && Deno.cwd() === PROJECT) Deno.chdir(from);
const built = builtMain(PROJECT);
// Not a literal: Deno would read all sources before it starts.
const disco = built === undefined
  ? new URL("disco.ts", import.meta.url)
  : new URL(`file://${built}`);
const { main } = await import(`${disco}`) as typeof import("./disco.ts");
Deno.exit(await main(Deno.args));
