/**
 * How DISCO is started again, for what must happen after this process.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { keptRuntime, runtimeArgv } from "./kept_runtime.ts";
import { V8_FLAGS } from "./v8_flags.ts";

/** The argument list of `disco ...words`: the binary, the bundle, or the source under Deno. */
export function selfCommand(...words: string[]): string[] {
  return selfBy(runtimeArgv(), words);
}

/** The same for recovery: by the copy of the runtime in DISCO's own folder, if there is one. */
export function recoveryCommand(state: string, ...words: string[]): string[] {
  return selfBy(keptRuntime(state) ?? runtimeArgv(), words);
}

function selfBy(runtime: readonly string[], words: readonly string[]): string[] {
  if (Deno.build.standalone) return [Deno.execPath(), ...words];
  // Tests and users of the library have main modules of their own, a bundle is its own, or was
  // started by tasks/start.ts.
  const isSource = import.meta.url.endsWith("/lib/program/self.ts");
  const main = isSource
    ? new URL("../../tasks/start.ts", import.meta.url)
    : new URL(Deno.mainModule);
  const cached = main.pathname.endsWith(".ts") ? ["--frozen", "--cached-only"] : [];
  return [...runtime, "run", "-A", V8_FLAGS, ...cached, fromFileUrl(main), ...words];
}
