/**
 * The program that runs in the throw-away host: scripts that leave something behind for DISCO itself
 * to walk into, and what became of it.
 *
 * @module
 */
import { messageOf } from "../../lib/error/mod.ts";
import { run } from "../../lib/process/run.ts";
import type { SandboxOptions } from "../../lib/sandbox/bubblewrap.ts";
import { launch } from "../../lib/sandbox/launch.ts";
import type { Wall } from "../../lib/sandbox/mod.ts";
import { ENVIRONMENT, inUnion } from "./sandbox.ts";

/** How a script ended, and what it printed. */
export interface Told {
  readonly code: number;
  readonly lines: readonly string[];
}

/** What happened with a link in the place of a directory that the sandbox mounts in. */
export interface Linked {
  /** Why the next script was not started, or nothing. */
  readonly error: string;
  /** What is in the folder of the host that the link leads to. */
  readonly names: readonly string[];
}

/** A folder of the host, and how bubblewrap would see it while it builds the sandbox. */
const VICTIM = "/srv/victim";
const SEEN = `/oldroot${VICTIM}`;

/** What can be asked for from outside: one word, then its words. */
const VERBS: Record<string, (words: string[]) => Promise<unknown>> = {
  link: ([path = "", ...without]) =>
    inUnion(
      "/srv",
      (box) => link(box, path, () => tell(box, "true", without as Wall[])),
    ),
  bubblewrap: ([path = ""]) =>
    inUnion("/srv", (box) => link(box, path, () => bubblewrap(box, path))),
  tell: ([script = ""]) => inUnion("/srv", (sandbox) => tell(sandbox, script)),
  /** What a plain write to a file of the service folder does. */
  follow: ([script = "", name = ""]) =>
    inUnion("/srv", async (sandbox) => {
      await tell(sandbox, script);
      Deno.writeTextFileSync(`${sandbox.union.folder("ask")}/${name}`, "changed\n");
    }),
};

async function link(
  sandbox: SandboxOptions,
  path: string,
  next: () => Promise<unknown>,
): Promise<Linked> {
  const { code, lines } = await tell(sandbox, `mv ${path} ${path}.away && ln -s ${SEEN} ${path}`);
  if (code !== 0) throw new Error(`Cannot replace ${path}: ${lines.join("; ")}`);
  let error = "";
  try {
    await next();
  } catch (e) {
    error = messageOf(e);
  }
  return { error, names: [...Deno.readDirSync(VICTIM)].map(({ name }) => name).sort() };
}

/** Let bubblewrap mount something itself, at a place in what a link has replaced. */
function bubblewrap({ union }: SandboxOptions, path: string): Promise<string> {
  const hidden = ["--ro-bind", union.folder("hidden"), `${path}/disco`];
  return run(["bwrap", "--bind", union.mountpoint, "/", ...hidden, "/bin/true"]);
}

async function tell(
  sandbox: SandboxOptions,
  script: string,
  without: readonly Wall[] = [],
): Promise<Told> {
  const lines: string[] = [];
  const onLine = (line: string) => void lines.push(line);
  const options = { env: ENVIRONMENT, timeout: 20_000, onLine };
  const { code } = await launch(sandbox, ["bash", "-c", script], options, without);
  return { code, lines };
}

if (import.meta.main) {
  const [verb = "", ...words] = Deno.args;
  console.log(JSON.stringify(await VERBS[verb]!(words) ?? null));
}
