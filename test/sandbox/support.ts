/**
 * Runs scripts in a sandbox of a throw-away host, without a dance around them.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import type { Wall } from "../../lib/sandbox/mod.ts";
import type { ThrowawayHost } from "../host/mod.ts";
import type { Told } from "./inside.ts";

const INSIDE = fromFileUrl(new URL("inside.ts", import.meta.url));
const CONFIG = fromFileUrl(new URL("../../deno.json", import.meta.url));

/** What a sandbox is run with, or without. */
export type Word = Wall | "network" | "leak";

/** The words that run a script of bash in a sandbox of a host. */
export function sandboxed(script: string, ...words: readonly Word[]): string[] {
  const options = ["-A", "--no-check", "--config", CONFIG];
  return [Deno.execPath(), "run", ...options, INSIDE, script, ...words];
}

/** Run a script of bash in a sandbox of a host. */
export async function inSandbox(
  host: ThrowawayHost,
  script: string,
  ...words: readonly Word[]
): Promise<Told> {
  host.mkdir("/srv/ball");
  return JSON.parse(await host.run(sandboxed(script, ...words)));
}
