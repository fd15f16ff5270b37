/**
 * The parameters that a shell script, or a bash template, uses.
 *
 * @module
 */
import { shellCode } from "./shell_text.ts";
import { isRelated, lineAt, type Need, type Uses } from "./uses.ts";

const CALL = /\bdisco-param[ \t]+(get|keys|dump)(?![\w-])[ \t]*/g;
const NODE = String
  .raw`(?:\$DISCO_NODE|\$\{DISCO_NODE\}|\$\(hostname(?: +(?:-f|--fqdn))?\)|${"`"}hostname(?: +(?:-f|--fqdn))?${"`"})`;
/** The word that names a parameter of the node, as far as it is written there. */
const WORD = new RegExp(String.raw`"?${NODE}"?\/([A-Za-z0-9@%+=:,._\/-]*)("?)`, "y");
const FILE = new RegExp(
  String
    .raw`(?:\/var\/disco\/parameters|\$DISCO_PARAMETERS|\$\{DISCO_PARAMETERS\})\/${NODE}\/([A-Za-z0-9@%+=:,._\/-]+)`,
  "g",
);
const END = /[\s;)|&<>`]|$/y;
const NO_DEFAULT = /^[ \t]*(?:\d?[<>]|[;)|&`\n]|$)/;
const HANDLED = /^[^;\n]*?(?:\|\||&&|2>[ \t]*\/dev\/null|&>)/;
const CONDITION = /^\s*(?:(?:do|then|else|\{)\s+)*(?:if|elif|while|until|!)\s/;

/**
 * What a script says: `disco-param get "$DISCO_NODE/a/b"`, and the same with `keys` and `dump` and
 * with `$(hostname)`. A key is not needed where there is a default, where the failure of this or of
 * another call for it is treated, or where the script looks which keys there are.
 */
export function shellUses(script: string): Uses {
  const code = shellCode(script).replaceAll("\\\n", "  ");
  const needs: Need[] = [];
  const [keys, computed, asked]: [string[], string[], string[]] = [[], [], []];
  for (const { index, 0: call, 1: verb = "" } of code.matchAll(CALL)) {
    const at = index + call.length;
    WORD.lastIndex = at;
    const word = WORD.exec(code);
    if (!word) {
      const [other = ""] = /^[^\s;)|&<>]*/.exec(code.slice(at))!;
      if (other === "" && verb !== "get") keys.push("");
      else if (/[$`]/.test(other)) computed.push("");
      continue;
    }
    const end = at + word[0].length;
    END.lastIndex = end;
    if (!END.test(code)) {
      computed.push(word[1]!);
      continue;
    }
    const key = word[1]!.replace(/\/$/, "");
    keys.push(key);
    if (verb !== "get") asked.push(...childrenOf(key));
    const rest = code.slice(end);
    if (verb === "get" && !NO_DEFAULT.test(rest)) continue;
    if (HANDLED.test(rest) || CONDITION.test(statementBefore(code, index))) asked.push(key);
    else {needs.push({
        key,
        line: lineAt(script, index),
        what: `disco-param ${verb} "$DISCO_NODE/${key}"`,
      });}
  }
  for (const [, key = ""] of code.matchAll(FILE)) {
    keys.push(key);
    asked.push(key);
  }
  const isAskedFor = (key: string) =>
    asked.some((other) => other.endsWith("/") ? key.startsWith(other) : isRelated(key, other));
  return { needs: needs.filter(({ key }) => !isAskedFor(key)), keys, computed };
}

/** A script that has listed a folder knows what is in it, but not that the folder exists. */
function childrenOf(key: string): string[] {
  return key === "" ? [] : [`${key}/`];
}

function statementBefore(code: string, at: number): string {
  return code.slice(Math.max(code.lastIndexOf(";", at), code.lastIndexOf("\n", at)) + 1, at);
}
