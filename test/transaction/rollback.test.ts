import { assert, assertEquals, assertMatch } from "@std/assert";
import { it } from "@std/testing/bdd";
import { compareTrees, describeOnHost, newScene, type Scene } from "../host/mod.ts";
import { describeTree, namesIn } from "./support.ts";

/** Dance with another script; resolves to the generation's id. */
async function generation(scene: Scene, script: string): Promise<string> {
  return (await scene.ball("b", script).dance().ok()).result.generation!;
}

const OLD = "mkdir -p /srv/t/d; cd /srv/t; echo old >a; echo old >gone; echo old >d/x; echo old >m";
const CHANGE =
  "cd /srv/t; echo new >a; rm -f gone; echo new >d/x; mkdir -p n; echo new >n/x; chmod 600 m";

async function furnished(): Promise<Scene> {
  const scene = (await newScene()).ball("b", CHANGE);
  await scene.sh(OLD);
  return scene;
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
      await using scene = await furnished();
      await scene.dance().ok();
      await scene.sh(`cd /srv/t; ${line}`);
      await scene.rollback().fails(`changed since then: "${path}"`, "--force").untouched();
    });
  }

  /** Each changes something in the tree that the first has made, in another way. */
  const CHAIN = [
    "mkdir -p /srv/app/d; echo one >/srv/app/d/x; echo one >/srv/app/y; echo one >/srv/app/z",
    "touch /srv/app/d/x",
    "chmod 600 /srv/app/y",
    "echo two >>/srv/app/d/x; mkdir /srv/app/n; rm /srv/app/z",
  ];

  async function chained(): Promise<Scene> {
    const scene = await newScene();
    for (const script of CHAIN) await generation(scene, script);
    return scene;
  }

  it("after a rollback undoes what was merged before, too, one after the other", async () => {
    await using scene = await chained();
    for (const _ of CHAIN) await scene.rollback().ok();
    assertEquals(scene.host.exists("/srv/app"), false);
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
      await using scene = await chained();
      for (const _ of CHAIN.slice(1)) await scene.rollback().ok();
      await scene.sh(`cd /srv/app; ${line}`);
      await scene.rollback().fails('changed since then: "/srv/app"');
    });
  }

  it("refuses where a rollback was undone itself", async () => {
    await using scene = await chained();
    for (const _ of CHAIN.slice(1)) await scene.rollback().ok();
    const names = namesIn(scene.host, "/var/disco/generations");
    const [first] = names;
    // The last rollback but one, of what touched a file.
    await scene.rollback(names.at(-1)!).ok();
    await scene.rollback(first!).fails('changed since then: "/srv/app"');
  });

  it("does what can be done when forced, and keeps the data of others", async () => {
    await using scene = await furnished();
    const { host } = scene;
    await scene.dance().ok();
    await host.run(["sh", "-ec", "cd /srv/t; echo more >>a; echo data >n/data; chmod 640 m"]);
    const theirs = describeTree(host, "/srv/t");
    await scene.rollback("--force").ok().leaves({ "/srv/t/a": "old\n" });
    assertEquals(namesIn(host, "/srv/t"), ["a", "d", "gone", "m"]);

    const [last] = namesIn(host, "/var/disco/generations").slice(-1);
    await scene.rollback(last!).ok()
      .leaves({ "/srv/t/n/data": "data\n", "/srv/t/a": "new\nmore\n" });
    assertEquals(describeTree(host, "/srv/t").length, theirs.length);
  });

  it("can be undone itself, and that can be undone, too", async () => {
    await using scene = await furnished();
    const { host } = scene;
    const old = host.tree();
    const { result: first } = await scene.dance().ok();
    const merged = host.tree();
    const last = () => namesIn(host, "/var/disco/generations").at(-1)!;

    await scene.rollback().ok();
    assertEquals(compareTrees(old, host.tree()), []);
    await scene.rollback(last()).ok();
    assertEquals(compareTrees(merged, host.tree()), []);
    await scene.rollback(first.generation!).ok();
    assertEquals(compareTrees(old, host.tree()), []);
    await scene.rollback(first.generation!).fails("undone already");
  });

  it("of an older generation is refused where a later one touched the same path", async () => {
    await using scene = await furnished();
    const first = await generation(scene, "echo 1 >/srv/t/a; echo 1 >/srv/t/d/x");
    await generation(scene, "echo 2 >/srv/t/a");
    await scene.rollback(first).fails('"/srv/t/a"').omits("/srv/t/d/x").untouched();

    // Last in, first out.
    await scene.rollback().ok();
    await scene.rollback().ok().leaves({ "/srv/t/a": "old\n", "/srv/t/d/x": "old\n" });
    await scene.rollback().fails("there is none");
  });

  it("of an older generation works where no later one touched the same", async () => {
    await using scene = await furnished();
    const first = await generation(scene, "echo 1 >/srv/t/a");
    const second = await generation(scene, "echo 2 >/srv/t/d/x; echo 2 >/srv/t/new");
    await scene.rollback(first).ok().leaves({ "/srv/t/a": "old\n", "/srv/t/d/x": "2\n" });

    const lines = (await scene.disco("history").ok()).stdout.split("\n");
    assertMatch(lines.find((l) => l.includes(`  ${first}  `) || l.startsWith(first))!, /undone/);
    assert(lines.some((l) => l.includes(`undid generation ${first}`)));
    assert(!lines.find((l) => l.startsWith(second))!.includes("undone"));
  });

  it("is refused where a file or folder is immutable, dry and live, with what to do", async () => {
    for (const at of ["f", "."]) {
      await using scene = (await newScene()).ball("b", "echo new >/mnt/x/f");
      const { host } = scene;
      await host.mountImage("/mnt/x", "ext4");
      await host.run(["sh", "-c", "echo old >/mnt/x/f"]);
      await scene.dance().ok();
      await host.run(["chattr", "+i", `/mnt/x/${at}`]);
      for (const options of [["--noop"], []]) {
        await scene.rollback(...options).leaves({ "/mnt/x/f": "new\n" })
          .fails(`chattr -i /mnt/x${at === "." ? "" : "/f"} lets it`);
      }
      await host.run(["chattr", "-i", `/mnt/x/${at}`]);
      await scene.rollback().ok().leaves({ "/mnt/x/f": "old\n" });
    }
  });

  it("says that there is no such generation", async () => {
    await using scene = await furnished();
    await scene.rollback("20010101T000000Z-nowhere")
      .fails('there is no "20010101T000000Z-nowhere"');
  });
});
