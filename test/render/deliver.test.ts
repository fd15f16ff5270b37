import { assert, assertEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { DiscoError } from "../../lib/error/mod.ts";
import { lstat, mkdir, mknod, nameOf, readFile } from "../../lib/posix/mod.ts";
import { createFile, symlink } from "../../lib/posix/mod.ts";
import { deliverFiles } from "../../lib/render/mod.ts";
import { type Files, Fixture } from "./fixture.ts";

const ACCOUNTS = {
  "etc/passwd": "root:x:0:0::/root:/bin/sh\nbob:x:1001:1002::/home/bob:/bin/sh\n",
  "etc/group": "root:x:0:\nstaff:x:50:\n",
};

interface Case {
  should: string;
  live?: Files;
  ball: Files;
  permissions?: string;
  shows: Record<string, string>;
  written: string[];
}

const CASES: Case[] = [
  {
    should: "makes files, directories and symlinks with the ball's modes, owned by root",
    ball: {
      "files/etc/web.conf": { content: "port 80\n", mode: 0o640 },
      "files/srv/web/": { content: "", mode: 0o750 },
      "files/etc/link": "-> /nowhere at all",
      "files/usr/bin/tool": { content: "#!/bin/sh\n", mode: 0o4755 },
    },
    live: { "etc/": "", "usr/bin/": "" },
    shows: {
      "/etc/web.conf": "0640 port 80\n",
      "/srv/web": "0750/",
      "/etc/link": "-> /nowhere at all",
      "/usr/bin/tool": "4755 #!/bin/sh\n",
    },
    written: ["/etc/link", "/etc/web.conf", "/srv", "/srv/web", "/usr/bin/tool"],
  },
  {
    should: "keeps the mode of a directory that is there",
    live: { "etc/ssh/": { content: "", mode: 0o700 } },
    ball: { "files/etc/ssh/": { content: "", mode: 0o777 }, "files/etc/ssh/x": "x" },
    shows: { "/etc/ssh": "0700/", "/etc/ssh/x": "0644 x" },
    written: ["/etc/ssh/x"],
  },
  {
    should: "delivers through symlinks to directories and keeps them",
    live: { "usr/bin/": "", "bin": "-> usr/bin" },
    ball: { "files/bin/x": "x" },
    shows: { "/bin": "-> usr/bin", "/usr/bin/x": "0644 x" },
    written: ["/usr/bin/x"],
  },
  {
    should: "replaces a symlink by a file and leaves what it points to",
    live: { "etc/x": "-> y", "etc/y": "y" },
    ball: { "files/etc/x": "x" },
    shows: { "/etc/x": "0644 x", "/etc/y": "0644 y" },
    written: ["/etc/x"],
  },
  {
    should: "replaces a file by a directory",
    live: { "etc/x": "old" },
    ball: { "files/etc/x/y": "y" },
    shows: { "/etc/x/y": "0644 y" },
    written: ["/etc/x", "/etc/x/y"],
  },
  {
    should: "replaces a directory by a file",
    live: { "etc/x/y/z": "old" },
    ball: { "files/etc/x": "x" },
    shows: { "/etc/x": "0644 x" },
    written: ["/etc/x"],
  },
  {
    should: "replaces a directory by a symlink",
    live: { "etc/x/y/z": "old" },
    ball: { "files/etc/x": "-> y" },
    shows: { "/etc/x": "-> y" },
    written: ["/etc/x"],
  },
  {
    should: "sets what the permissions say, for directories that are there too",
    live: { ...ACCOUNTS, "srv/": "", "usr/bin/": "", "bin": "-> usr/bin" },
    ball: { "files/srv/a": "a", "files/srv/b": "b", "files/bin/c": "c" },
    permissions: [
      "600 - - /srv/*",
      "- bob staff /srv/a",
      "2770 - 50 /srv",
      "4755 - - /usr/bin/c",
    ].join("\n"),
    shows: {
      "/srv": "2770 0:50/",
      "/srv/a": "0600 1001:50 a",
      "/srv/b": "0600 b",
      "/usr/bin/c": "4755 c",
    },
    written: ["/usr/bin/c", "/srv", "/srv/a", "/srv/b"],
  },
];

describe("deliverFiles()", () => {
  for (const { should, live = {}, ball: files, permissions, shows, written } of CASES) {
    it(should, () => {
      using tree = new Fixture(live);
      const ball = tree.ball(files, permissions);
      assertEquals(deliverFiles(ball, tree.target), written);
      for (const [path, what] of Object.entries(shows)) assertEquals(tree.shows(path), what);

      const stamps = Object.keys(shows).map((path) => tree.stamp(path));
      assertEquals(deliverFiles(ball, tree.target), [], "a second time changes nothing");
      assertEquals(Object.keys(shows).map((path) => tree.stamp(path)), stamps);
    });
  }

  it("gives a written file the time of the ball's", () => {
    using tree = new Fixture();
    const ball = tree.ball({ "files/x": "x" });
    Deno.utimeSync(`${ball.dir}/files/x`, 1000, 1000);
    deliverFiles(ball, tree.target);
    assertEquals(lstat(`${tree.target}/x`)!.mtime, 1_000_000_000_000n);
  });

  it("writes a new file and leaves no temporary one", () => {
    using tree = new Fixture({ "etc/x": "old" });
    const before = lstat(`${tree.target}/etc/x`)!.ino;
    deliverFiles(tree.ball({ "files/etc/x": "new" }), tree.target);
    assert(lstat(`${tree.target}/etc/x`)!.ino !== before);
    assertEquals(tree.names("/etc"), ["x"]);
  });

  it("changes only the mode where the content is the same", () => {
    using tree = new Fixture({ "etc/x": { content: "x", mode: 0o600 } });
    const before = lstat(`${tree.target}/etc/x`)!.ino;
    const ball = tree.ball({ "files/etc/x": "x" });
    assertEquals(deliverFiles(ball, tree.target), ["/etc/x"]);
    assertEquals(tree.shows("/etc/x"), "0644 x");
    assertEquals(lstat(`${tree.target}/etc/x`)!.ino, before);
  });

  it("sees a change of one byte in a large file", () => {
    using tree = new Fixture();
    const bytes = new Uint8Array(3_000_001).fill(7);
    const ball = tree.ball({ "files/": "" });
    createFile(`${ball.dir}/files/large`, bytes);
    assertEquals(deliverFiles(ball, tree.target), ["/large"]);
    assertEquals(deliverFiles(ball, tree.target), []);
    for (const at of [0, 1_500_000, 3_000_000]) {
      const changed = bytes.slice();
      changed[at] = 8;
      Deno.writeFileSync(`${tree.target}/large`, changed);
      assertEquals(deliverFiles(ball, tree.target), ["/large"]);
      assertEquals(readFile(`${tree.target}/large`), bytes);
    }
  });

  it("delivers names and link targets that are not UTF-8", () => {
    using tree = new Fixture();
    const ball = tree.ball({ "files/": "" });
    const name = nameOf(new Uint8Array([0x61, 0xff, 0x0a, 0x62]));
    mkdir(`${ball.dir}/files/${name}`);
    createFile(`${ball.dir}/files/${name}/${name}`, new TextEncoder().encode("x"));
    symlink(name, `${ball.dir}/files/link`);
    assertEquals(deliverFiles(ball, tree.target), ["/link", `/${name}`, `/${name}/${name}`].sort());
    assertEquals(lstat(`${tree.target}/${name}/${name}`)!.size, 1);
    assertEquals(deliverFiles(ball, tree.target), []);
  });

  it("delivers a name of 255 bytes", () => {
    using tree = new Fixture();
    const ball = tree.ball({ [`files/${"n".repeat(255)}`]: "x" });
    assertEquals(deliverFiles(ball, tree.target), [`/${"n".repeat(255)}`]);
  });

  it("delivers nothing where there is no files/", () => {
    using tree = new Fixture();
    assertEquals(deliverFiles(tree.ball({ "scripts/x": "x" }), tree.target), []);
  });

  it("never leaves the tree", () => {
    using tree = new Fixture();
    for (const [link, to] of [["abs", tree.outside], ["rel", "../outside"]] as const) {
      Deno.symlinkSync(to, `${tree.target}/${link}`);
      const error = assertThrows(
        () => deliverFiles(tree.ball({ [`files/${link}/x`]: "x" }), tree.target),
        DiscoError,
        `Cannot deliver "/${link}" of ball "web": `,
      );
      assertEquals(error.message.includes("does not exist"), true);
    }
    assertEquals([...Deno.readDirSync(tree.outside)], []);
    // The same links do lead out for who follows them as they are.
    Deno.writeTextFileSync(`${tree.target}/abs/x`, "x");
    Deno.writeTextFileSync(`${tree.target}/rel/y`, "y");
    assertEquals([...Deno.readDirSync(tree.outside)].length, 2);
  });

  const REFUSALS: { should: string; live?: Files; ball: Files; message: string }[] = [
    ...["proc/x", "sys/x", "dev/x", "run/x", "tmp/x", "dev/shm/x", "var/disco/x", "etc/disco/x"]
      .map((path) => ({
        should: `refuses /${path}`,
        ball: { [`files/${path}`]: "x" },
        message: "is not part of what a ball can change",
      })),
    {
      should: "refuses the sandbox's own places under another name",
      live: { "run/": "", "var/run": "-> /run" },
      ball: { "files/var/run/x": "x" },
      message: 'Cannot deliver "/var/run" of ball "web": "/run" is not part',
    },
    {
      should: "refuses to replace the directory that holds DISCO's state",
      live: { "var/disco/x": "x" },
      ball: { "files/var": "x" },
      message: 'Cannot deliver "/var" of ball "web": it is a directory that holds "/var/disco"',
    },
    {
      should: "refuses a directory where a dangling symlink is",
      live: { "srv": "-> nowhere" },
      ball: { "files/srv/x": "x" },
      message: 'Cannot deliver "/srv" of ball "web": "/nowhere" does not exist',
    },
    {
      should: "refuses a directory where a symlink to a file is",
      live: { "srv": "-> file", "file": "" },
      ball: { "files/srv/x": "x" },
      message: '"/file" is not a directory',
    },
    {
      should: "refuses a path that is in templates/, too",
      ball: { "files/etc/x": "x", "templates/etc/x.eta": "y" },
      message: 'Cannot deliver "/etc/x" of ball "web": it is in files/ and in templates/',
    },
    {
      should: "refuses two templates for one path",
      ball: { "templates/etc/x.eta": "x", "templates/etc/x": "y" },
      message: 'Cannot deliver "/etc/x" of ball "web": two templates render to it',
    },
    {
      should: "refuses an unknown owner",
      live: ACCOUNTS,
      ball: { "files/x": "x", "permissions": "" },
      message: 'Cannot apply "permissions" of ball "web", line 2: there is no user "alice"',
    },
  ];
  for (const { should, live = {}, ball: files, message } of REFUSALS) {
    it(should, () => {
      using tree = new Fixture(live);
      const ball = tree.ball(files, "permissions" in files ? "# owners\n- alice - /x" : "");
      assertThrows(() => deliverFiles(ball, tree.target), DiscoError, message);
    });
  }

  it("takes other places as refused where it is told to", () => {
    using tree = new Fixture();
    const ball = tree.ball({ "files/tmp/x": "x" });
    assertEquals(deliverFiles(ball, tree.target, { refused: ["/srv"] }), ["/tmp", "/tmp/x"]);
  });

  for (const type of ["fifo", "socket", "char", "block"] as const) {
    it(`refuses a ${type}`, () => {
      using tree = new Fixture();
      const ball = tree.ball({ "files/a": "a" });
      mknod(`${ball.dir}/files/x`, type, 0o600, "1:3");
      assertThrows(
        () => deliverFiles(ball, tree.target),
        DiscoError,
        `Cannot deliver "/x" of ball "web": it is a ${type}, not a file`,
      );
    });
  }

  it("names ball and path when the system refuses", () => {
    using tree = new Fixture();
    const ball = tree.ball({ "files/x": "x" });
    assertThrows(
      () => deliverFiles(ball, "/proc/self", { refused: [] }),
      DiscoError,
      'Cannot deliver "/x" of ball "web": Cannot open',
    );
  });
});
