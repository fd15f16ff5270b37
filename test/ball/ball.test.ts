import { describe, it } from "@std/testing/bdd";
import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { inspectBall, readBall } from "../../lib/ball/mod.ts";
import { DiscoError } from "../../lib/error/mod.ts";
import { type Content, temporaryFolder, writeFiles } from "./files.ts";

describe("readBall", () => {
  it("reads every part; scripts in the order of their paths", () => {
    using tmp = temporaryFolder();
    const dir = writeFiles(join(tmp.path, "web"), {
      "requires": "after users\n",
      "permissions": "0600 - - /etc/key\nsecret /etc/key\n",
      "scripts/20-b": "",
      "scripts/10/z": "",
      "scripts/10-a": "",
      "scripts/B": "",
      "scripts/x": { link: "../shared/x" },
      "post/reload": "",
      "templates/etc/a.conf.eta": "",
      "shared/x": "",
    });
    assertEquals(readBall(dir, "web"), {
      name: "web",
      dir,
      requires: [{ relation: "after", ball: "users", line: 1 }],
      permissions: [{ mode: 0o600, glob: "/etc/key", line: 1 }],
      secrets: ["/etc/key"],
      reactions: [],
      checks: [],
      purge: [],
      scripts: ["10-a", "10/z", "20-b", "B", "x"],
      post: ["reload"],
      templates: ["etc/a.conf.eta"],
    });
  });

  it("reads an empty folder as a ball that does nothing", () => {
    using tmp = temporaryFolder();
    const { requires, permissions, secrets, scripts, post, templates } = readBall(tmp.path, "x");
    assertEquals([requires, permissions, secrets, scripts, post, templates], [
      [],
      [],
      [],
      [],
      [],
      [],
    ]);
  });

  const broken: [what: string, files: Record<string, Content>, why: string][] = [
    ["requires that is a link", { requires: { link: "/etc/shadow" } }, "it is a symlink"],
    ["requires that is a folder", { requires: null }, "it is a directory"],
    ["permissions that are no text", { permissions: Uint8Array.of(0xff) }, "permissions"],
  ];
  for (const [what, files, why] of broken) {
    it(`refuses ${what}`, () => {
      using tmp = temporaryFolder();
      assertThrows(() => readBall(writeFiles(tmp.path, files), "x"), DiscoError, why);
    });
  }

  it("refuses a ball that is not there, and a bad name", () => {
    using tmp = temporaryFolder();
    assertThrows(() => readBall(join(tmp.path, "gone"), "gone"), DiscoError, "is not a folder");
    assertThrows(() => readBall(tmp.path, ".."), DiscoError, "as the name of a ball");
  });
});

describe("inspectBall", () => {
  const good: Record<string, Content> = {
    "requires": "users\n",
    "parameters/a/b": "1",
    "files/etc/localtime": { link: "/usr/share/zoneinfo/UTC" },
    "files/etc/up": { link: "../../../../.." },
    "files/etc/dangling": { link: "nowhere" },
    "templates/etc/a.eta": "",
    "scripts/a": "",
    "scripts/b": { link: "a" },
    "scripts/c": { link: "../lib/c" },
    "lib/c": "",
  };

  it("accepts a ball with links in files/ and links that stay in the ball", () => {
    using tmp = temporaryFolder();
    inspectBall(writeFiles(join(tmp.path, "web"), good), "web");
  });

  const bad: [path: string, content: Content, why: string][] = [
    ["scripts/x", { link: "/bin/sh" }, "is absolute"],
    ["scripts/x", { link: "../../outside" }, "leads out of the ball"],
    ["scripts/x", { link: "../../web2/x" }, "leads out of the ball"],
    ["scripts/x", { link: "../files/etc/up/etc/passwd" }, "lead"],
    ["scripts/x", { link: "x" }, "leads nowhere"],
    ["scripts/x", { link: "gone" }, "leads nowhere"],
    ["scripts/x", { link: "../lib" }, "is not a regular file"],
    ["post/x", { link: "/bin/sh" }, "is absolute"],
    ["templates/x", { link: "/etc/shadow" }, "is absolute"],
    ["lib/x", { link: "/etc/shadow" }, "is absolute"],
    ["parameters/x", { link: "a" }, '"parameters/x" is a symlink'],
    ["templates/etc/...eta", "", "renders to no file name"],
    ["templates/..eta", "", "renders to no file name"],
    ["templates/.eta", "", "renders to no file name"],
    ["post", "", "is a file, not a folder"],
    ["permissions", null, "is a directory, not a regular file"],
  ];
  for (const [path, content, why] of bad) {
    it(`refuses ${path} ${typeof content === "object" ? JSON.stringify(content) : ""}`, () => {
      using tmp = temporaryFolder();
      writeFiles(tmp.path, { "outside": "", "web2/x": "" });
      const dir = writeFiles(join(tmp.path, "web"), { ...good, [path]: content });
      const error = assertThrows(() => inspectBall(dir, "web"), DiscoError, why);
      assertEquals(error.message.startsWith(`Cannot accept ball "web": "${path}"`), true);
    });
  }

  it("refuses FIFOs, sockets and devices anywhere", async () => {
    using tmp = temporaryFolder();
    for (const [kind, ...argv] of [["fifo", "mkfifo"], ["device", "mknod"]]) {
      const dir = writeFiles(join(tmp.path, kind!), { "files/etc": null });
      const path = join(dir, "files/etc/x");
      const args = kind === "fifo" ? [path] : [path, "c", "1", "3"];
      const made = await new Deno.Command(argv[0]!, { args, stderr: "null" }).output();
      // Only root can make a device.
      if (!made.success) continue;
      assertThrows(() => inspectBall(dir, "x"), DiscoError, `"files/etc/x" is a ${kind}`);
    }
    const dir = writeFiles(join(tmp.path, "socket"), { "files": null });
    using _listener = Deno.listen({ transport: "unix", path: join(dir, "files/x") });
    assertThrows(() => inspectBall(dir, "x"), DiscoError, '"files/x" is a socket');
  });

  it("refuses a name that is not UTF-8 instead of skipping it", async () => {
    using tmp = temporaryFolder();
    const dir = writeFiles(join(tmp.path, "web"), { "files/ok\ufffd": "" });
    inspectBall(dir, "web");
    await new Deno.Command("bash", { args: ["-c", `touch "$0/files/"$'\\xff'`, dir] }).output();
    assertThrows(() => inspectBall(dir, "web"), DiscoError, "not UTF-8");
  });

  it("refuses a ball whose folder is a link", () => {
    using tmp = temporaryFolder();
    writeFiles(tmp.path, { "real": null, "web": { link: "real" } });
    assertThrows(() => inspectBall(join(tmp.path, "web"), "web"), DiscoError, "is not a folder");
  });
});
