/**
 * Where the items of a universe are, in rsync's words.
 *
 * @module
 */
import { join } from "@std/path";
import { DiscoError } from "../error/mod.ts";
import type { Server } from "./server.ts";

/** What a universe holds: trees of parameters of nodes, trees of groups, balls. */
export const KINDS = ["parameters", "groups", "balls"] as const;
/** One of them: a node's tree of parameters, a group's tree, a ball. */
export type Kind = typeof KINDS[number];

/**
 * How the server lays it out: `tree` is one tree with the folders `balls`, `parameters` and
 * `groups`; `modules` is the original's, one rsync module for each ball and the modules
 * `parameters` and `groups`.
 */
export type Layout = "tree" | "modules";

/** Check the setting `disco/server/layout` against the address. */
export function parseLayout(text: string | undefined, server: Server): Layout {
  const bad = (why: string, hint: string) =>
    new DiscoError(`Cannot use setting "disco/server/layout" = ${JSON.stringify(text)}: ${why}`, {
      code: 3,
      hint,
    });
  const layout = text || "tree";
  const module = server.kind === "daemon" && server.module !== "";
  if (layout === "tree") {
    if (server.kind === "daemon" && !module) {
      throw new DiscoError(
        `Cannot use server "${server.host}": the address names no rsync module`,
        {
          code: 3,
          hint: "add the module, as in rsync://host/disco, or set disco/server/layout to modules",
        },
      );
    }
    return layout;
  }
  if (layout !== "modules") throw bad("unknown layout", 'expected "tree" or "modules"');
  if (server.kind !== "daemon" || module) {
    throw bad("it needs an rsync daemon", "give the server as rsync://host or host::");
  }
  return layout;
}

/** The argument of rsync that names one item, without a slash at the end. */
export function addressOf(server: Server, layout: Layout, kind: Kind, name: string): string {
  const item = layout === "modules" && kind === "balls" ? name : `${kind}/${name}`;
  switch (server.kind) {
    case "path":
      return join(server.path, item);
    case "ssh":
      return `${server.host}:${join(server.path, item)}`;
    case "daemon": {
      const port = server.port && `:${server.port}`;
      return `rsync://${
        [server.host + port, server.module, server.path, item].filter(Boolean).join("/")
      }`;
    }
  }
}
