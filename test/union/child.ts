/**
 * Programs that mount: they run in a mount namespace of their own, never in the test process, whose
 * threads are the runner's.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { unmount } from "../../lib/posix/mod.ts";
import { readMounts } from "../../lib/posix/mountinfo.ts";

const CONFIG = fromFileUrl(new URL("../../deno.json", import.meta.url));

/** Run a program of Deno on a JSON document; what it prints is one, too. */
export async function inNamespace<T>(program: URL, input: unknown): Promise<T> {
  const child = new Deno.Command("unshare", {
    args: ["--mount", "--propagation", "private", Deno.execPath(), "run", "-A", "--no-check"]
      .concat(["--config", CONFIG, fromFileUrl(program)]),
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  await new Response(JSON.stringify(input)).body!.pipeTo(child.stdin);
  const { success, stdout, stderr } = await child.output();
  const text = new TextDecoder();
  if (!success) throw new Error(`${program} failed: ${text.decode(stderr)}`);
  return JSON.parse(text.decode(stdout));
}

/** The document that {@linkcode inNamespace} gave; called in its program. */
export async function readInput<T>(): Promise<T> {
  return await new Response(Deno.stdin.readable).json();
}

/** Take away every mount below a folder; called in the programs. */
export function unmountBelow(folder: string): void {
  const mounts = readMounts().map(({ path }) => path).filter((path) =>
    path.startsWith(`${folder}/`)
  );
  for (const path of mounts.toReversed()) unmount(path, true);
}

/** Run a script of bash in a folder; called in the programs. Throws if it fails. */
export function bash(script: string, cwd: string): string {
  const { success, stdout, stderr } = new Deno.Command("bash", {
    args: ["-euc", script],
    cwd,
    env: { LANG: "C.UTF-8" },
  }).outputSync();
  const text = new TextDecoder();
  if (!success) throw new Error(`Cannot run "${script}": ${text.decode(stderr)}`);
  return text.decode(stdout);
}
