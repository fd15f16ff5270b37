import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";

import { describeOnHost, newScene, type ThrowawayHost } from "../host/mod.ts";
import { blocksOf, readPages } from "./markdown.ts";

const README = readPages().get("README.md")!;
const [INSTALL, FIRST_BALL, RSYNCD, NODE] = blocksOf(README, "sh");

/** Run a block as a person at a shell does, who stops at the first failure. */
async function type(host: ThrowawayHost, block: string | undefined): Promise<string> {
  const { code, stdout, stderr } = await host.exec(["bash", "-euc", block ?? "exit 1"], {
    timeout: 300_000,
  });
  assertEquals(code, 0, stderr);
  return stdout;
}

/** A host with the command `disco`, written by the block of README. */
async function withCommand(): Promise<ThrowawayHost> {
  const { host } = await newScene();
  const place = host.discoArgv().at(-1)!.replace(/[^/]*$/, "");
  await host.run(["mkdir", "-p", "/opt/disco"]);
  await host.run(["cp", "-a", place, "/opt/disco/dist"]);
  await type(host, `cd /opt/disco\n${INSTALL}`);
  return host;
}

describeOnHost("whoever types what README says", () => {
  it("should get from nothing to a first dry run, a first ball, and a first server", async () => {
    await using host = await withCommand();
    const dry = await type(host, "disco dance --noop");
    assertStringIncludes(dry, "report: success: 5 changes would be merged");
    for (const line of shownOf(README)) assertStringIncludes(dry, line);

    const ball = await type(host, FIRST_BALL);
    assertStringIncludes(ball, 'report: ball "motd": 0 errors, 0 warnings');
    assertStringIncludes(ball, "report: success: 1 change would be merged");
    assertStringIncludes(ball, "report: success: 1 change merged");
    assert(/report: generation \S+ is undone/.test(ball), ball);

    await type(host, RSYNCD);
    const node = await type(host, NODE);
    assertStringIncludes(node, "universe rsync://localhost/universe");
    assertStringIncludes(node, "report: success: 1 change merged");
    assertStringIncludes(host.read("/etc/motd"), "Welcome to node.example.net");
  });
});

/** The lines of the first dance that README shows of standard output. */
function shownOf(page: string): string[] {
  const block = /^```\n(info: node.*?)^```$/ms.exec(page)![1]!;
  return block.trimEnd().split("\n").filter((line) =>
    line !== "..." && !line.startsWith("warning:")
  );
}
