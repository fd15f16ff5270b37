/**
 * Whose universe a live dance merges.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import { DiscoError } from "../error/mod.ts";

/**
 * Throw unless a server was configured or named: a forgotten setting must not merge the demonstration
 * onto a live root. A dry run may do without; `isSure` asks a person, where there is one.
 */
export async function requireServer(
  { server, noop }: Pick<Context, "server" | "noop">,
  isSure: (question: string) => Promise<boolean>,
): Promise<void> {
  if (server !== undefined || noop) return;
  if (await isSure("No server is configured. Merge the demonstration that ships with DISCO?")) {
    return;
  }
  throw new DiscoError("Cannot dance: no server is configured", {
    code: 3,
    hint: "give --server URI or set disco/server/uri; --server embedded merges the demonstration " +
      "that ships with DISCO, --noop only shows it",
  });
}
