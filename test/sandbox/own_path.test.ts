import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { ownPaths, pathRefusals } from "../../lib/sandbox/own_path.ts";
import { Folder } from "../posix/folder.ts";
import { describeOnHost, newScene } from "../host/mod.ts";
import { stub } from "../dance/support.ts";

/** Texts of scripts, and how often each sets its search path anew. */
const TEXTS: readonly (readonly [text: string, times: number])[] = [
  ["PATH=/usr/bin\nss -ltn", 1],
  ["export PATH=/usr/sbin:/usr/bin", 1],
  ["  export PATH='/usr/bin'; PATH=/bin", 1],
  ["main() { local PATH=/bin; }\nPATH=/usr/bin", 2],
  ["declare -x PATH=/bin", 1],
  [". /etc/profile\nsource /etc/environment", 2],
  ["export PATH=/opt/bin:$PATH\nPATH=${PATH}:/opt/bin", 0],
  ["MYPATH=/bin\nMANPATH=/usr/share/man", 0],
  ["cat >/etc/cron.d/x <<END\nPATH=/usr/bin\nEND", 0],
  ["cat >/etc/cron.d/x <<-'END'\n\tPATH=/usr/bin\n\tEND\nPATH=/bin", 1],
  ["read -r x <<<END\nPATH=/bin", 1],
];

describe("the search path of a script", () => {
  it("is known to be set anew from its text", () => {
    using folder = new Folder();
    for (const [text, times] of TEXTS) {
      Deno.writeTextFileSync(folder.at("script"), text);
      assertEquals(ownPaths(folder.at("script")), times, text);
    }
    assertEquals(ownPaths(folder.at("none")), 0);
  });

  it("is told where another shell than bash runs it", () => {
    const kinds = (words: string[]) => pathRefusals(1, words).map(({ kind }) => kind);
    assertEquals([kinds(["/bin/sh"]), kinds(["/usr/bin/env", "dash", "-e"])], [["path"], ["path"]]);
    assertEquals([kinds(["bash"]), kinds(["python3"])], [[], []]);
    assertEquals(pathRefusals(0, ["/bin/sh"]), []);
  });
});

describeOnHost("a script that sets its search path anew", () => {
  const lines = [
    "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
    "main() { tool one; }",
    "main",
    "(export PATH=/usr/bin; tool two)",
    "mkdir -p /srv/d && cd $_ && pwd >/srv/folder",
    ". /etc/profile; tool three",
  ].join("\n");

  it("meets the policy by name all the same, and is as it was otherwise", async () => {
    await using scene = await newScene();
    stub(scene.host, "/usr/bin/tool", "echo ran >>/srv/ran\n");
    scene.live({
      "/etc/profile": "export PATH=/usr/local/bin:/usr/bin:/bin\n",
      "/etc/disco/restricted.d/own.conf": "tool effect\n",
    });
    const { result } = await scene.ball("a", lines).dryRun()
      .effects("tool one", "tool two", "tool three").ok();
    const diffs = result.changes.map(({ path, diff }) => [path, diff?.split("\n").at(-2)]);
    assertEquals(diffs.filter(([, last]) => last), [["/srv/folder", "+/srv/d"]]);
    // The control: a shell that is not bash meets it no more, and the report says so.
    const other = await scene.ball("a", `#!/bin/sh\n${lines}`).dryRun().effects();
    assert(other.result.notSimulated.some(({ kind }) => kind === "path"), other.stderr);
  });
});
