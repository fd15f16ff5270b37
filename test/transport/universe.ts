/**
 * Universes and clients for tests of the fetch.
 *
 * @module
 */
import { join } from "@std/path";
import { parseOptions } from "../../lib/command_line/mod.ts";
import { type Context, makeContext } from "../../lib/context/mod.ts";
import { type Content, writeFiles } from "../ball/files.ts";

/** A node `web1` in two groups, one of which names a third; balls that require one another. */
export const SMALL: Readonly<Record<string, Content>> = {
  "parameters/web1/modules/web": "",
  "parameters/web1/modules/users": null,
  "parameters/web1/member/webservers": "",
  "parameters/web1/member/all": "",
  "parameters/web1/app/colour": "node",
  "parameters/other/app/secret": "not for web1",
  "groups/all/app/colour": "all",
  "groups/all/app/size": "all",
  "groups/all/modules/ntp": "",
  "groups/webservers/app/size": "webservers",
  "groups/webservers/member/base": "",
  "groups/base/app/shape": "base",
  "groups/base/modules/users": "",
  "groups/unused/app/size": "unused",
  "balls/web/requires": "after packages\nbefore monitor\n",
  "balls/web/parameters/app/shape": "default",
  "balls/web/parameters/app/port": "80",
  "balls/web/files/etc/web.conf": "port 80\n",
  "balls/users/files/etc/motd": "hello\n",
  "balls/users/files/etc/link": { link: "motd" },
  "balls/ntp/scripts/10-ntp": "#!/bin/sh\ntrue\n",
  "balls/packages/requires": "# the first of all\nafter base\n",
  "balls/base/files/etc/empty": null,
  "balls/monitor/scripts/10-monitor": "true\n",
  "balls/unused/scripts/10": "true\n",
};

/** A client with a state of its own below `dir`; `settings` are put into its etc. */
export function client(
  dir: string,
  server: string | undefined,
  settings: Readonly<Record<string, string>> = {},
  node = "web1",
): Promise<Context> {
  for (const [key, value] of Object.entries(settings)) {
    writeFiles(join(dir, "etc/disco"), { [key.replace(/^disco\//, "")]: value });
  }
  const from = server === undefined ? [] : ["--server", server];
  return makeContext(parseOptions([...from, "--node", node, "--state", dir]));
}

/** Everything below a folder: paths with mode, time in ms, and content or target. */
export function snapshot(dir: string): string[] {
  const lines: string[] = [];
  const visit = (path: string) => {
    for (const { name } of Deno.readDirSync(join(dir, path))) {
      const below = join(path, name);
      const info = Deno.lstatSync(join(dir, below));
      const what = info.isSymlink
        ? `-> ${Deno.readLinkSync(join(dir, below))}`
        : info.isFile
        ? JSON.stringify(Deno.readTextFileSync(join(dir, below)))
        : "/";
      lines.push(`${below} ${(info.mode ?? 0).toString(8)} ${info.mtime?.getTime()} ${what}`);
      if (info.isDirectory) visit(below);
    }
  };
  visit(".");
  return lines.sort();
}

/** Files and their contents below a folder, a symlink as `-> target`. */
export function contents(dir: string): Record<string, string> {
  return Object.fromEntries(
    snapshot(dir).map((line) => /^(\S+) \d+ -?\d+ (.*)$/.exec(line)!)
      .filter(([, , what]) => what !== "/")
      .map(([, path, what]) => [path!, what!.startsWith('"') ? JSON.parse(what!) : what!]),
  );
}
