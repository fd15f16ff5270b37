/**
 * Mount the union of the live root.
 *
 * @module
 */
import type { Options } from "../lib/command_line/mod.ts";
import { runAlone } from "./alone.ts";
import { makeContext } from "../lib/context/mod.ts";
import { info } from "../lib/terminal/mod.ts";
import { mount, plan, requireServer, runStage } from "../lib/dance/mod.ts";
import { DiscoError } from "../lib/error/mod.ts";
import { confirm } from "../lib/terminal/confirm.ts";
import { EMBEDDED } from "../lib/transport/mod.ts";
import { loadFetched } from "../lib/state/mod.ts";

/** Run it. */
export async function main(options: Options): Promise<number> {
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

if (import.meta.main) Deno.exit(await runAlone("fs-mount", main));
