/**
 * Mount the union of the live root.
 *
 * @module
 */
import { runCommand } from "../lib/command.ts";
import { makeContext, parseOptions } from "../lib/context/mod.ts";
import { info } from "../lib/terminal/mod.ts";
import { mount, plan, requireServer, runStage } from "../lib/dance/mod.ts";
import { DiscoError } from "../lib/error.ts";
import { confirm } from "../lib/terminal/confirm.ts";
import { EMBEDDED, loadFetched } from "../lib/transport/mod.ts";

/** One line on what this command does. */
export const summary = "Mount the union of the live root";

/** Words and own options. */
export const usage = `[options]

Begins a dance, to be gone through stage by stage: fs-mount, fs-chroot, exec-render BALL and
exec-run BALL for each ball of the plan, fs-diff, fs-merge, fs-unmount. With --noop the
dance cannot be merged.`;

/** Run it. */
export async function main(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv);
  const context = await makeContext(options);
  return await runStage(context, { stage: "fs-mount", after: null }, async (dance) => {
    if (dance.union) {
      throw new DiscoError(`Cannot mount: the union of dance "${dance.id}" is mounted already`, {
        hint: "take it down with fs-unmount",
      });
    }
    const isEmbedded = context.server === undefined && loadFetched(context).server === EMBEDDED;
    if (isEmbedded) await requireServer(context, confirm);
    await plan(dance);
    await mount(dance, { persist: true });
    info(`dance ${dance.id}: the union is mounted; plan: ${dance.order.join(", ")}`);
    return 0;
  });
}

if (import.meta.main) Deno.exit(await runCommand("fs-mount", { summary, usage, main }, Deno.args));
