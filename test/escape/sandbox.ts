/**
 * A union and a sandbox without a dance; for programs that run in a throw-away host.
 *
 * @module
 */
import { type Context, Settings } from "../../lib/context/mod.ts";
import { rootsFor } from "../../lib/state/mod.ts";
import { type Rule, shippedRules } from "../../lib/effects/mod.ts";
import { removeTree } from "../../lib/posix/mod.ts";
import type { SandboxOptions } from "../../lib/sandbox/bubblewrap.ts";
import { dropCgroup, environmentOf, prepareChroot, SANDBOX_PATH } from "../../lib/sandbox/mod.ts";
import { createUnion } from "../../lib/union/mod.ts";

/** The node that the sandbox is for. */
export const NODE = "n";
const ID = "escape";
const context: Context = {
  root: "/",
  roots: rootsFor(undefined),
  node: NODE,
  server: undefined,
  noop: true,
  restricted: false,
  json: false,
  settings: new Settings([]),
};

/** The environment of a script in it. */
export const ENVIRONMENT: Record<string, string> = environmentOf(
  { node: NODE, dance: ID, ball: "a", script: "scripts/1", noop: true },
  SANDBOX_PATH,
);

/** Open a union of the host's root, call `use` with a sandbox for it, and take it down. */
export async function inUnion<T>(
  ballDir: string,
  use: (sandbox: SandboxOptions) => Promise<T>,
  rules: readonly Rule[] = shippedRules(),
): Promise<T> {
  const { roots } = context;
  const folder = `${roots.run}/${ID}`;
  Deno.mkdirSync(folder, { recursive: true });
  const { union, leave } = await createUnion({
    root: "/",
    folder,
    hidden: [roots.etc, roots.var, roots.run],
    scratch: { kind: "memory", size: "64M", image: "" },
    persist: false,
  });
  try {
    const chroot = prepareChroot(context, union);
    union.begin("a");
    return await use({ union, chroot, rules, context, ballDir, network: false, dance: ID });
  } finally {
    union.close();
    leave();
    dropCgroup({ run: roots.run, id: ID });
    removeTree(folder);
  }
}
