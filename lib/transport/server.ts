/**
 * The address of a universe.
 *
 * @module
 */
import { resolve } from "@std/path";
import { DiscoError } from "../error/mod.ts";

/** Where a universe is; paths have no slash at the end, except a path that is only `/`. */
export type Server =
  | { readonly kind: "path"; readonly path: string }
  /** An rsync daemon; `module` is empty when the address names none, `path` lies below it. */
  | {
    readonly kind: "daemon";
    readonly host: string;
    readonly port: string;
    readonly module: string;
    readonly path: string;
  }
  | {
    readonly kind: "ssh";
    readonly host: string;
    readonly port: string;
    readonly path: string;
  };

const HOST = String
  .raw`(?:[A-Za-z0-9_][A-Za-z0-9._-]*@)?(?:[A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:.]+(?:%[A-Za-z0-9]+)?\])`;
const FORMS = {
  rsync: new RegExp(`^rsync://(?<host>${HOST})(?::(?<port>\\d{1,5}))?(?:/(?<path>.*))?$`),
  daemon: new RegExp(`^(?<host>${HOST})::(?<path>.*)$`),
  sshUrl: new RegExp(`^ssh://(?<host>${HOST})(?::(?<port>\\d{1,5}))?(?<path>/.*)$`),
  ssh: new RegExp(`^(?<host>${HOST}):(?<path>/(?!/).*|/)$`),
};

/** What git(1) clones, or a web server offers: rsync can fetch neither. */
const FOREIGN = /^(git|https?|git\+ssh|git\+https?|svn|ftp|s3):\/\/|^git@|^[^/]*:.*\.git\/?$/;
const FILE_URL = /^file:(?:\/\/(?:localhost)?)?(?<path>\/(?!\/).*)$/;

/**
 * Parse an address: a path, `file:///path`, `rsync://[user@]host[:port]/module[/path]`, `[user@]host::module[/path]`,
 * `[user@]host:/path` or `ssh://[user@]host[:port]/path`. An IPv6 address stands in brackets.
 */
export function parseServer(text: string): Server {
  const bad = (why: string) =>
    new DiscoError(`Cannot use ${JSON.stringify(text)} as server: ${why}`, {
      code: 3,
      hint: FOREIGN.test(text)
        ? "a repository or a web site is not fetched: clone it (git clone, git pull), and give the " +
          "path of the clone"
        : "expected a path, rsync://host/module, host::module or user@host:/path",
    });
  // deno-lint-ignore no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(text)) throw bad("it holds a control character");
  if (text === "") throw bad("it is empty");
  if (text.startsWith("-")) throw bad('it begins with "-"');
  const file = FILE_URL.exec(text)?.groups?.path;
  if (file !== undefined) return { kind: "path", path: resolve(decoded(file, bad)) };
  if (FOREIGN.test(text)) throw bad("rsync cannot fetch from there");
  const match = Object.entries(FORMS)
    .map(([form, pattern]) => ({ form, groups: pattern.exec(text)?.groups }))
    .find(({ groups }) => groups);
  if (!match?.groups) {
    // As for rsync itself, a colon before the first slash names a host.
    if (/^[^/]*:/.test(text)) throw bad("its form is unknown");
    return { kind: "path", path: resolve(text) };
  }
  const { host = "", port = "", path = "" } = match.groups;
  // The far side would expand these.
  if (/[*?[\]\\"'`$;&|<>(){}!#]/.test(path)) throw bad("its path holds a special character");
  if (path.split("/").includes("..")) throw bad('its path holds ".."');
  if (port !== "" && !(Number(port) > 0 && Number(port) < 65536)) {
    throw bad(`there is no port ${port}`);
  }
  const parts = path.split("/").filter(Boolean);
  if (parts.some((part) => part.startsWith("-"))) throw bad('a part of its path begins with "-"');
  if (match.form.startsWith("ssh")) return { kind: "ssh", host, port, path: `/${parts.join("/")}` };
  const [module = "", ...below] = parts;
  return { kind: "daemon", host, port, module, path: below.join("/") };
}

function decoded(path: string, bad: (why: string) => DiscoError): string {
  try {
    const text = decodeURIComponent(path);
    // deno-lint-ignore no-control-regex
    if (/[\u0000-\u001f\u007f]/.test(text)) throw bad("it holds a control character");
    return text;
  } catch (error) {
    if (error instanceof URIError) throw bad("a % in it is not followed by two hexadecimal digits");
    throw error;
  }
}
