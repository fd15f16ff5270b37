import { assertEquals, assertStringIncludes } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { Fixture } from "./fixture.ts";

/** Delivers a file to `<target>/etc/x`, in a mount namespace of its own after `setup`. */
async function deliver(tree: Fixture, setup: string, path = "etc/x"): Promise<string> {
  const script = `
    import { deliverFiles } from ${JSON.stringify(import.meta.resolve("../../lib/render/mod.ts"))};
    const ball = { name: "web", dir: Deno.args[0], permissions: [], templates: [] };
    try {
      console.log(deliverFiles(ball, Deno.args[1]).join());
    } catch (error) {
      console.log(error.message);
    }`;
  const source = `${tree.dir}/script.ts`;
  Deno.writeTextFileSync(source, script);
  const ball = tree.ball({ [`files/${path}`]: "x" }).dir;
  const { stdout } = await new Deno.Command("unshare", {
    args: ["--mount", "sh", "-ec", `cd "$4"; ${setup}; exec "$1" run -A -c "$6" "$2" "$3" "$4"`]
      .concat(["sh", Deno.execPath(), source, ball, tree.target, "", configFile()]),
    stderr: "inherit",
  }).output();
  return new TextDecoder().decode(stdout).trim();
}

function configFile(): string {
  return new URL(import.meta.resolve("../../deno.json")).pathname;
}

describe("deliverFiles() over a directory", () => {
  for (
    const [should, setup, says] of [
      ["replaces one without mounts", "true", "/etc/x"],
      ["refuses a mount point", "mount -t tmpfs none etc/x", "it is a mount point"],
      ["refuses one that holds a mount", "mount -t tmpfs none etc/x/y", "it holds a mount point"],
    ] as const
  ) {
    it(should, async () => {
      using tree = new Fixture({ "etc/x/y/z": "z" });
      assertStringIncludes(await deliver(tree, setup), says);
    });
  }

  it("refuses a file that is a mount point, such as a bound resolv.conf", async () => {
    using tree = new Fixture({ "etc/x": "old", "other": "other" });
    const says = await deliver(tree, "mount --bind other etc/x");
    assertStringIncludes(says, 'Cannot deliver "/etc/x" of ball "web": it is a mount point');
    assertEquals(tree.shows("/etc/x"), "0644 old");
  });
});

describe("deliverFiles() to the staging folders", () => {
  for (
    const [what, setup, path, says] of [
      ["at the top", "true", ".disco/x", '"/.disco" is DISCO\'s own'],
      [
        "at the top of a mount",
        "mount -t tmpfs none etc",
        "etc/.disco/x",
        '"/etc/.disco" is DISCO',
      ],
      ["as a file", "mount -t tmpfs none etc", "etc/.disco", '"/etc/.disco" is DISCO\'s own'],
      [
        "at the top of a mount, by a link",
        "mount -t tmpfs none etc; mkdir etc/.disco; ln -s etc/.disco l",
        "l/x",
        '"/etc/.disco" is DISCO\'s own',
      ],
    ] as const
  ) {
    it(`refuses one ${what}`, async () => {
      using tree = new Fixture({ "etc/": "" });
      assertStringIncludes(await deliver(tree, setup, path), says);
    });
  }

  it("delivers to folders of that name elsewhere", async () => {
    using tree = new Fixture({ "etc/": "" });
    assertEquals(await deliver(tree, "true", "etc/.disco/x"), "/etc/.disco,/etc/.disco/x");
  });
});
