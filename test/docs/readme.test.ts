import { assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import type { Act } from "../host/act.ts";
import { describeOnHost, newScene, type Scene } from "../host/mod.ts";
import { blocksOf, readPages } from "./markdown.ts";

const README = readPages().get("README.md")!;
const [INSTALL, FIRST_BALL, RSYNCD, NODE] = blocksOf(README, "sh");

/** Run a block as a person at a shell does, who stops at the first failure. */
function type(scene: Scene, block: string | undefined): Act {
  return scene.program("bash", "-euc", block ?? "exit 1").ok();
}

/** A host with the command `disco`, written by the block of README. */
async function withCommand(): Promise<Scene> {
  const scene = await newScene();
  const { host } = scene;
  const place = host.discoArgv().at(-1)!.replace(/[^/]*$/, "");
  await host.run(["mkdir", "-p", "/opt/disco"]);
  await host.run(["cp", "-a", place, "/opt/disco/dist"]);
  await type(scene, `cd /opt/disco\n${INSTALL}`);
  return scene;
}

describeOnHost("whoever types what README says", () => {
  it("should get from nothing to a first dry run, a first ball, and a first server", async () => {
    await using scene = await withCommand();
    await type(scene, "disco dance --noop")
      .says("report: success: 5 changes would be merged", ...shownOf(README));

    await type(scene, FIRST_BALL).says(
      'report: ball "motd": 0 errors, 0 warnings',
      "report: success: 1 change would be merged",
      "report: success: 1 change merged",
      /report: generation \S+ is undone/,
    );

    await type(scene, RSYNCD);
    await type(scene, NODE)
      .says("universe rsync://localhost/universe", "report: success: 1 change merged");
    assertStringIncludes(scene.host.read("/etc/motd"), "Welcome to node.example.net");
  });
});

/** The lines of the first dance that README shows of standard output. */
function shownOf(page: string): string[] {
  const block = /^```\n(info: node.*?)^```$/ms.exec(page)![1]!;
  return block.trimEnd().split("\n").filter((line) =>
    line !== "..." && !line.startsWith("warning:")
  );
}
