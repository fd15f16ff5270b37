import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { describe, it } from "@std/testing/bdd";
import { Folder } from "../posix/folder.ts";

const TASK = fromFileUrl(new URL("../../tasks/policy.ts", import.meta.url));
const CONFIG = fromFileUrl(new URL("../../deno.json", import.meta.url));

async function policy(...args: string[]): Promise<{ code: number; said: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--config", CONFIG, TASK, ...args],
    env: { NO_COLOR: "1" },
  }).output();
  return { code, said: new TextDecoder().decode(code === 0 ? stdout : stderr).trim() };
}

describe("disco policy", () => {
  it("says what becomes of a command line, and by which rule", async () => {
    const { code, said } = await policy("--", "/bin/systemctl", "restart", "nginx");
    assertEquals(code, 0, said);
    assertEquals(
      /^effect: .*systemctl restart nginx \(shipped\/10-systemd\.conf, line \d+: /.test(said),
      true,
    );
  });

  it("knows words that begin with a hyphen as the command's own", async () => {
    const { said } = await policy("systemctl", "enable", "--now", "nginx");
    assertEquals(/^run\+effect: .*: systemctl enable --now run\+effect\)$/.test(said), true, said);
    assertEquals((await policy("systemctl", "enable", "nginx")).said.startsWith("run: "), true);
    for (const words of [["ls", "-lh"], ["grep", "-vq", "x"]]) {
      const { code, said } = await policy(...words);
      assertEquals([code, said.startsWith(`run: ${words.join(" ")} (`)], [0, true], said);
    }
  });

  it("says when no rule names the command, also as JSON", async () => {
    assertEquals(
      (await policy("perl", "-e", "1")).said.endsWith("(no rule names it)"),
      true,
    );
    const { said } = await policy("--json", "--", "perl", "-n", "p");
    assertEquals(JSON.parse(said), {
      argv: ["perl", "-n", "p"],
      verdict: "run",
      rule: null,
      refused: null,
    });
  });

  it("knows the rules of the node's files and parameters, and of one ball", async () => {
    using folder = new Folder();
    const params = "var/disco/parameters/n";
    folder.sh(
      `mkdir -p etc/disco/restricted.d ${params}/restricted.d ${params}/web/restricted.d; ` +
        "echo 'tool one effect' >etc/disco/restricted.d/own.conf; " +
        `echo 'tool two deny' >${params}/restricted.d/own; ` +
        `echo 'tool two run' >${params}/web/restricted.d/own`,
    );
    const where = ["--state", folder.path, "--node", "n"];
    const verdict = async (...argv: string[]) =>
      (await policy(...where, ...argv)).said.split(":")[0];
    assertEquals(await verdict("--", "tool", "one"), "effect");
    assertEquals(await verdict("--", "tool", "two"), "deny");
    assertEquals(await verdict("--ball", "web", "--", "tool", "two"), "run");
    assertEquals(await verdict("--", "tool", "three"), "run");
    assertEquals(await verdict("--restricted", "--", "tool", "three"), "effect");
  });

  it("says that a question is none", async () => {
    const { said } = await policy("--", "systemctl", "status", "x", "--host=other");
    assertEquals(said.startsWith("host: "), true, said);
    assertEquals(
      said.includes('not put to the live system: the option "--host=other"'),
      true,
      said,
    );
  });

  it("wants a command", async () => {
    assertEquals((await policy()).code, 3);
    assertEquals((await policy("--")).code, 3);
  });
});
