/**
 * The name of a node.
 *
 * @module
 */
import { DiscoError } from "../error/mod.ts";

/**
 * A node's name as it may appear in paths: letters, digits, `.`, `_` and `-`, beginning with a
 * letter or digit, at most 253 characters (RFC 1035).
 */
export function parseNodeName(text: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,252}$/.test(text)) {
    throw new DiscoError(
      `Cannot use ${JSON.stringify(text)} as node name: expected letters, digits, ".", "_" and "-"`,
      { code: 3, hint: "give the name with --node, DISCO_NODE or disco/client/node" },
    );
  }
  return text;
}
