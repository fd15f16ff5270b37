/**
 * A copy of what DISCO is run by: Deno, the loader and the libraries. Recovery starts from it, because
 * a merge that was cut off, or that nobody confirms, may have replaced just these.
 *
 * @module
 */
import { basename, dirname } from "@std/path";
import { lstat, syncFolder } from "../posix/mod.ts";
import { run } from "../process/run.ts";

const LOADER = "loader";
/** Milliseconds for what takes a second. */
const PATIENCE = 120_000;

/** How this Deno is started: by its copy, if this process is one of the copy, or plainly. */
export function runtimeArgv(): string[] {
  const path = Deno.execPath();
  return (basename(path) === LOADER && keptIn(dirname(path))) || [path];
}

/**
 * How the copy in DISCO's own folder is started; undefined without one, and for one of another Deno:
 * that may not be able to run this program.
 */
export function keptRuntime(state: string): string[] | undefined {
  const argv = keptIn(`${state}/runtime`);
  return argv && sizeOf(argv) === sizeOf(runtimeArgv()) ? argv : undefined;
}

function sizeOf(argv: readonly string[]): string {
  return `${lstat(argv.at(-1)!)?.size}`;
}

/** Make the copy anew; returns where it is, or undefined where it cannot be had. */
export async function keepRuntime(state: string): Promise<string | undefined> {
  const loader = loaderOfThis();
  // A program that holds its own sources looks for them in the file that was started.
  if (!loader || Deno.build.standalone) return undefined;
  const program = runtimeArgv().at(-1)!;
  const [folder, fresh] = [`${state}/runtime`, `${state}/runtime.new`];
  await run(["rm", "-rf", "--", fresh]);
  await run(["mkdir", "-p", "-m", "0700", "--", fresh, `${fresh}/lib`]);
  const copy = (from: string, to: string) =>
    run(["cp", "-L", "--", from, `${fresh}/${to}`], { timeout: PATIENCE });
  for (const [name, path] of await librariesOf(loader, program)) await copy(path, `lib/${name}`);
  await copy(loader, LOADER);
  await copy(program, "deno");
  // It must run before the former one goes.
  await run([...argvIn(fresh), "--version"], { timeout: PATIENCE });
  await run(["sync"], { timeout: PATIENCE });
  await run(["rm", "-rf", "--", folder], { timeout: PATIENCE });
  Deno.renameSync(fresh, folder);
  syncFolder(state);
  return folder;
}

function keptIn(folder: string): string[] | undefined {
  return lstat(`${folder}/deno`) ? argvIn(folder) : undefined;
}

function argvIn(folder: string): string[] {
  return [`${folder}/${LOADER}`, "--library-path", `${folder}/lib`, `${folder}/deno`];
}

/** The loader that this process was started by; undefined for a program that needs none. */
function loaderOfThis(): string | undefined {
  const paths = Deno.readTextFileSync("/proc/self/maps").split("\n")
    .map((line) => /(\/.*)$/.exec(line)?.[1] ?? "");
  return paths.find((path) => /^(ld-(linux|musl).*|loader)$/.test(basename(path)));
}

/** Names and paths of the libraries that a program needs, as its loader finds them; ld.so(8). */
async function librariesOf(loader: string, program: string): Promise<[string, string][]> {
  const text = await run([loader, "--list", program], { timeout: PATIENCE });
  return [...text.matchAll(/^\s*([^\s/]+) => (\/.+) \(0x/gm)].map((
    [, name, path],
  ) => [name!, path!]);
}
