/**
 * Mount the union of the live root.
 *
 * @module
 */
import type { Options } from "../lib/command_line/mod.ts";
import { runAlone } from "./alone.ts";
import { makeContext } from "../lib/context/mod.ts";
import { info } from "../lib/terminal/mod.ts";
import { mountAlone, requireServer } from "../lib/dance/mod.ts";
import { confirm } from "../lib/terminal/confirm.ts";
import { EMBEDDED } from "../lib/transport/mod.ts";
import { loadFetched } from "../lib/state/mod.ts";

/** Run it. */
export async function main(options: Options): Promise<number> {
  const context = await makeContext(options);
  const { id, order } = await mountAlone(context, async () => {
    const isEmbedded = context.server === undefined && loadFetched(context).server === EMBEDDED;
    if (isEmbedded) await requireServer(context, confirm);
  });
  info(`dance ${id}: the union is mounted; plan: ${order.join(", ")}`);
  return 0;
}

if (import.meta.main) Deno.exit(await runAlone("fs-mount", main));
