import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { compareTrees, describeOnHost, type ThrowawayHost } from "../host/mod.ts";
import { danced, describeTree, hostWith, namesIn, teach } from "./scene.ts";

/** Dance with another script; resolves to the generation's id. */
async function generation(host: ThrowawayHost, script: string): Promise<string> {
  teach(host, script);
  return (await danced(host)).generation!;
}

const OLD = "mkdir -p /srv/t/d; cd /srv/t; echo old >a; echo old >gone; echo old >d/x; echo old >m";
const CHANGE =
  "cd /srv/t; echo new >a; rm -f gone; echo new >d/x; mkdir -p n; echo new >n/x; chmod 600 m";

async function furnished(): Promise<ThrowawayHost> {
  const host = await hostWith(CHANGE);
  await host.run(["sh", "-c", OLD]);
  return host;
}

describeOnHost("a rollback", () => {
  for (
    const [what, line, path] of [
      ["edited", "echo more >>a", "/srv/t/a"],
      ["deleted", "rm a", "/srv/t/a"],
      ["replaced", "echo new >t; mv t a", "/srv/t/a"],
      ["created again", "echo back >gone", "/srv/t/gone"],
      ["given other attributes", "chmod 640 m", "/srv/t/m"],
      ["put into a new directory", "echo data >n/data", "/srv/t/n"],
      ["edited in a new directory", "echo data >>n/x", "/srv/t/n"],
      ["turned into a symlink on the way", "mv d e; ln -s /etc d", "/srv/t/d/x"],
    ]
  ) {
    it(`refuses what was ${what} since, and names it`, async () => {
      await using host = await furnished();
      await danced(host);
      await host.run(["sh", "-ec", `cd /srv/t; ${line}`]);
      const before = host.tree();
      const { code, stderr } = await host.disco("rollback");
      assertEquals(code, 1);
      assertStringIncludes(stderr, `changed since then: "${path}"`);
      assertStringIncludes(stderr, "--force");
      assertEquals(compareTrees(before, host.tree()), []);
    });
  }

  /** Each changes something in the tree that the first has made, in another way. */
  const CHAIN = [
    "mkdir -p /srv/app/d; echo one >/srv/app/d/x; echo one >/srv/app/y; echo one >/srv/app/z",
    "touch /srv/app/d/x",
    "chmod 600 /srv/app/y",
    "echo two >>/srv/app/d/x; mkdir /srv/app/n; rm /srv/app/z",
  ];

  async function chained(): Promise<ThrowawayHost> {
    const host = await hostWith(CHAIN[0]!);
    await danced(host);
    for (const script of CHAIN.slice(1)) await generation(host, script);
    return host;
  }

  it("after a rollback undoes what was merged before, too, one after the other", async () => {
    await using host = await chained();
    for (const _ of CHAIN) {
      const { code, stderr } = await host.disco("rollback");
      assertEquals(code, 0, stderr);
    }
    assertEquals(host.exists("/srv/app"), false);
  });

  for (
    const [what, line] of [
      ["written to", "echo more >>d/x"],
      ["written to with its old time", "echo more >>d/x; touch -d @1000000000 d/x"],
      ["given another mode", "chmod 640 y"],
      ["put beside", "echo data >data"],
      ["removed", "rm d/x"],
    ] as const
  ) {
    it(`after others refuses what was ${what} since, by a path that they had put back`, async () => {
      await using host = await chained();
      for (const _ of CHAIN.slice(1)) assertEquals((await host.disco("rollback")).code, 0);
      await host.run(["sh", "-ec", `cd /srv/app; ${line}`]);
      const { code, stderr } = await host.disco("rollback");
      assertEquals(code, 1);
      assertStringIncludes(stderr, 'changed since then: "/srv/app"');
    });
  }

  it("refuses where a rollback was undone itself", async () => {
    await using host = await chained();
    for (const _ of CHAIN.slice(1)) assertEquals((await host.disco("rollback")).code, 0);
    const names = namesIn(host, "/var/disco/generations");
    const [first] = names;
    // The last rollback but one, of what touched a file.
    await host.run(host.discoArgv("rollback", names.at(-1)!));
    const { code, stderr } = await host.disco("rollback", first!);
    assertEquals(code, 1, stderr);
    assertStringIncludes(stderr, 'changed since then: "/srv/app"');
  });

  it("does what can be done when forced, and keeps the data of others", async () => {
    await using host = await furnished();
    await danced(host);
    await host.run(["sh", "-ec", "cd /srv/t; echo more >>a; echo data >n/data; chmod 640 m"]);
    const theirs = describeTree(host, "/srv/t");
    const { code, stderr } = await host.disco("rollback", "--force");
    assertEquals(code, 0, stderr);
    assertEquals(host.read("/srv/t/a"), "old\n");
    assertEquals(namesIn(host, "/srv/t"), ["a", "d", "gone", "m"]);

    const [last] = namesIn(host, "/var/disco/generations").slice(-1);
    await host.run(host.discoArgv("rollback", last!));
    assertEquals(host.read("/srv/t/n/data"), "data\n");
    assertEquals(host.read("/srv/t/a"), "new\nmore\n");
    assertEquals(describeTree(host, "/srv/t").length, theirs.length);
  });

  it("can be undone itself, and that can be undone, too", async () => {
    await using host = await furnished();
    const old = host.tree();
    const first = await danced(host);
    const merged = host.tree();
    const last = () => namesIn(host, "/var/disco/generations").at(-1)!;

    await host.run(host.discoArgv("rollback"));
    assertEquals(compareTrees(old, host.tree()), []);
    await host.run(host.discoArgv("rollback", last()));
    assertEquals(compareTrees(merged, host.tree()), []);
    await host.run(host.discoArgv("rollback", first.generation!));
    assertEquals(compareTrees(old, host.tree()), []);
    const { code, stderr } = await host.disco("rollback", first.generation!);
    assertEquals(code, 1);
    assertStringIncludes(stderr, "undone already");
  });

  it("of an older generation is refused where a later one touched the same path", async () => {
    await using host = await furnished();
    const first = await generation(host, "echo 1 >/srv/t/a; echo 1 >/srv/t/d/x");
    await generation(host, "echo 2 >/srv/t/a");
    const before = host.tree();
    const { code, stderr } = await host.disco("rollback", first);
    assertEquals(code, 1);
    assertStringIncludes(stderr, '"/srv/t/a"');
    assert(!stderr.includes("/srv/t/d/x"), stderr);
    assertEquals(compareTrees(before, host.tree()), []);

    // Last in, first out.
    await host.run(host.discoArgv("rollback"));
    await host.run(host.discoArgv("rollback"));
    assertEquals([host.read("/srv/t/a"), host.read("/srv/t/d/x")], ["old\n", "old\n"]);
    assertMatch((await host.disco("rollback")).stderr, /there is none/);
  });

  it("of an older generation works where no later one touched the same", async () => {
    await using host = await furnished();
    const first = await generation(host, "echo 1 >/srv/t/a");
    const second = await generation(host, "echo 2 >/srv/t/d/x; echo 2 >/srv/t/new");
    await host.run(host.discoArgv("rollback", first));
    assertEquals([host.read("/srv/t/a"), host.read("/srv/t/d/x")], ["old\n", "2\n"]);

    const lines = (await host.run(host.discoArgv("history"))).split("\n");
    assertMatch(lines.find((l) => l.includes(`  ${first}  `) || l.startsWith(first))!, /undone/);
    assert(lines.some((l) => l.includes(`undid generation ${first}`)));
    assert(!lines.find((l) => l.startsWith(second))!.includes("undone"));
  });

  it("is refused where a file or folder is immutable, dry and live, with what to do", async () => {
    for (const at of ["f", "."]) {
      await using host = await hostWith("echo new >/mnt/x/f");
      await host.mountImage("/mnt/x", "ext4");
      await host.run(["sh", "-c", "echo old >/mnt/x/f"]);
      await danced(host);
      await host.run(["chattr", "+i", `/mnt/x/${at}`]);
      for (const options of [["--noop"], []]) {
        const { code, stderr } = await host.disco("rollback", ...options);
        assertEquals([code, host.read("/mnt/x/f")], [1, "new\n"], stderr);
        assertStringIncludes(stderr, `chattr -i /mnt/x${at === "." ? "" : "/f"} lets it`);
      }
      await host.run(["chattr", "-i", `/mnt/x/${at}`]);
      assertEquals([(await host.disco("rollback")).code, host.read("/mnt/x/f")], [0, "old\n"]);
    }
  });

  it("says that there is no such generation", async () => {
    await using host = await furnished();
    const { code, stderr } = await host.disco("rollback", "20010101T000000Z-nowhere");
    assertEquals(code, 1);
    assertStringIncludes(stderr, 'there is no "20010101T000000Z-nowhere"');
  });
});
