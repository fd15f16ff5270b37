import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { facts } from "../../lib/facts/mod.ts";
import { fqdn } from "../../lib/facts/network.ts";
import { parseOsRelease } from "../../lib/facts/os_release.ts";

function treeWith(files: Record<string, string>): Disposable & { dir: string } {
  const dir = Deno.makeTempDirSync({ prefix: "disco-facts-" });
  for (const [path, text] of Object.entries(files)) {
    Deno.mkdirSync(`${dir}/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
    if (text.startsWith("-> ")) Deno.symlinkSync(text.slice(3), `${dir}/${path}`);
    else Deno.writeTextFileSync(`${dir}/${path}`, text);
  }
  return { dir, [Symbol.dispose]: () => Deno.removeSync(dir, { recursive: true }) };
}

describe("facts()", () => {
  it("are all there, and JSON", () => {
    const all = JSON.parse(JSON.stringify(facts()));
    assertEquals(Object.keys(all), [
      "hostname",
      "fqdn",
      "os",
      "kernel",
      "architecture",
      "cpus",
      "memory",
      "addresses",
      "mounts",
      "boot_id",
    ]);
    assertEquals(all.hostname, Deno.hostname());
    assert(all.cpus >= 1 && all.memory > 1_000_000);
    assert(all.mounts.some(({ path }: { path: string }) => path === "/proc"));
    assert(/^[0-9a-f-]{36}$/.test(all.boot_id));
  });

  it("are found out once, and not before they are asked for", () => {
    using tree = treeWith({});
    const those = facts(tree.dir);
    Deno.mkdirSync(`${tree.dir}/etc`);
    Deno.writeTextFileSync(`${tree.dir}/etc/os-release`, "ID=alpine\n");
    assertEquals(those.os.id, "alpine");
    Deno.writeTextFileSync(`${tree.dir}/etc/os-release`, "ID=arch\n");
    assertEquals(those.os.id, "alpine");
  });

  it("take the distribution of the tree, not of this machine", () => {
    using usual = treeWith({
      "etc/os-release": "-> ../usr/lib/os-release",
      "usr/lib/os-release": "ID=alpine\n",
    });
    assertEquals(facts(usual.dir).os.family, "alpine");
    using leading = treeWith({ "etc/os-release": "-> /etc/os-release" });
    assertEquals(facts(leading.dir).os.id, "linux");
  });
});

describe("parseOsRelease()", () => {
  for (
    const [text, id, version, family] of [
      ['ID=debian\nVERSION_ID="12"\n', "debian", "12", "debian"],
      ['ID=linuxmint\nID_LIKE="ubuntu debian"\n', "linuxmint", "", "debian"],
      ['ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID=\'9.3\'', "rocky", "9.3", "rhel"],
      ['ID=opensuse-leap\nID_LIKE="suse opensuse"', "opensuse-leap", "", "suse"],
      ["ID=opensuse-tumbleweed", "opensuse-tumbleweed", "", "suse"],
      ["ID=arch\n", "arch", "", "arch"],
      ["ID=void\n", "void", "", "other"],
      ["# nothing\nfoo bar\n", "linux", "", "other"],
    ] as const
  ) {
    it(`reads ${JSON.stringify(text)}`, () => {
      const os = parseOsRelease(text);
      assertEquals([os.id, os.version_id, os.family], [id, version, family]);
    });
  }

  it("takes the release's code name", () => {
    const names = ["VERSION_CODENAME=trixie\n", "UBUNTU_CODENAME=noble\n", "ID=arch\n"]
      .map((text) => parseOsRelease(text).version_codename);
    assertEquals(names, ["trixie", "noble", ""]);
  });

  it("takes quotes and escapes as a shell does", () => {
    assertEquals(parseOsRelease('PRETTY_NAME="a \\"b\\" \\$c"').pretty_name, 'a "b" $c');
    assertEquals(parseOsRelease("PRETTY_NAME='a \\x'").pretty_name, "a \\x");
  });
});

describe("fqdn()", () => {
  for (
    const [hosts, hostname, expected] of [
      ["127.0.1.1 n1.example.org n1\n", "n1", "n1.example.org"],
      ["# 1.1.1.1 x.org n1\n127.0.0.1\tlocalhost n1\n", "n1", "n1"],
      ["127.0.1.1 n2.example.org n2\n", "n1", "n1"],
      ["", "n1.example.org", "n1.example.org"],
    ] as const
  ) {
    it(`is ${expected} with ${JSON.stringify(hosts)}`, () => {
      using tree = treeWith({ "etc/hosts": hosts });
      assertEquals(fqdn(tree.dir, hostname), expected);
    });
  }
});
