import { assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, type ThrowawayHost } from "../host/mod.ts";
import { danceBall, freshHost } from "./support.ts";

const FILE = "/etc/resolv2";
/** Ways to take away a flag that is there, with what is to follow. */
const LIFTED: Readonly<Record<string, string>> = {
  "a script that goes on": `chattr -i ${FILE} || true\necho new >${FILE}\nchattr +i ${FILE}`,
  "a script that hides it": `chattr -i ${FILE} 2>/dev/null; echo new >${FILE}; true`,
  "by its path": `/usr/bin/chattr -i ${FILE}; echo new >${FILE}; true`,
  "several flags": `chattr -ia ${FILE}; echo new >${FILE}; true`,
  "a folder": "chattr -R -i /srv/lock; echo new >/srv/lock/f; true",
};

describeOnHost("a flag that chattr takes away", () => {
  it("fails the ball where a file has it, dry and live", async () => {
    await using host = await hostWithFlags();
    for (const [what, script] of Object.entries(LIFTED)) {
      for (const noop of [["--noop"], []]) {
        const { code, stderr } = await danceBall(host, { "scripts/1": script }, ...noop);
        assertEquals([code, host.read(FILE)], [1, "old\n"], what);
        assertStringIncludes(stderr, "went on after a command was refused: chattr -");
        assertStringIncludes(stderr, "take it away and change the file in post/");
      }
    }
  });

  it("is nothing to do where no file has it", async () => {
    await using host = await hostWithFlags();
    const script = "chattr -i /etc/plain; chattr -R -ia /srv/plain; echo new >/etc/plain\n" +
      "chattr -i /etc/nothing && exit 3; echo x >/etc/nothing";
    const { code, stderr, result } = await danceBall(host, { "scripts/1": script });
    assertEquals([code, host.read("/etc/plain"), result.effects], [0, "new\n", []], stderr);
  });

  it("is set, or taken away on purpose, after the merge", async () => {
    await using host = await hostWithFlags();
    const script = `chattr +i /etc/plain; disco-effect chattr -i ${FILE}`;
    const { code, stderr } = await danceBall(host, { "scripts/1": script });
    assertEquals(code, 0, stderr);
    const flags = await host.run(["lsattr", "/etc/plain", FILE]);
    assertEquals(flags.split("\n").map((line) => /^\S*i/.test(line)), [true, false, false]);
    await host.run(["chattr", "-i", "/etc/plain"]);
  });
});

async function hostWithFlags(): Promise<ThrowawayHost> {
  const host = await freshHost({ root: "ext4" });
  host.write(FILE, "old\n");
  host.write("/srv/lock/f", "old\n");
  host.write("/etc/plain", "old\n");
  host.write("/srv/plain/f", "old\n");
  await host.run(["chattr", "+i", FILE, "/srv/lock/f"]);
  return host;
}
