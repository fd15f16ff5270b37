import { assert, assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { compareTrees, describeOnHost, newScene } from "../host/mod.ts";
import { FROM_GIVEN } from "../host/scene.ts";

const SCRIPT = "echo new >/etc/t/new; echo changed >/etc/t/file; rm /etc/t/gone; " +
  "chmod 600 /etc/t/mode; rm -r /etc/t/dir; echo file >/etc/t/dir\n";

/** System calls of the merge, and which of them kills. */
const KILLS = [
  ["syncfs", 1],
  ["fsync", 1],
  ["renameat2", 1],
  ["renameat2", 2],
  ["renameat2", 3],
  ["renameat2", 4],
] as const;

/** Contents and modes of what the ball changes; names of what is there. */
const LOOK = "cd /etc/t && for f in *; do stat -c '%n %F %a' $f; [ -d $f ] || cat $f; done";

describeOnHost("a merge that is killed", () => {
  it("is whole or has not happened, once it is recovered", async () => {
    const seen: string[] = [];
    let halves = 0;
    for (const [call, k] of KILLS) {
      await using scene = (await newScene()).ball("a", SCRIPT);
      const { host } = scene;
      for (const name of ["file", "gone", "mode", "dir/inside"]) {
        host.write(`/etc/t/${name}`, "old\n");
      }
      await scene.disco("fetch", ...FROM_GIVEN).ok();
      const look = () => host.run(["sh", "-c", LOOK]);
      const [old, before] = [await look(), host.tree()];

      const inject = `--inject=${call}:signal=KILL:when=${k}`;
      const strace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", `trace=${call}`, inject];
      const killed = await host.exec([...strace, ...host.discoArgv("dance", ...FROM_GIVEN)]);
      await host.settled();
      const meanwhile = await look();
      await scene.disco("recover").ok();
      const after = await look();

      const isNew = after.includes("new") && after.includes("changed") && !after.includes("gone");
      if (!isNew) assertEquals([after, compareTrees(before, host.tree())], [old, []]);
      else {assert(
          after.includes("dir regular file") && after.includes("mode regular file 600"),
          after,
        );}
      if (meanwhile !== after) halves++;
      seen.push(killed.code === 0 ? "done" : isNew ? "new" : "old");
    }
    console.log(
      `after kills at ${KILLS.join(" ")}: ${seen.join(" ")}; ${halves} were cut in two`,
    );
    // The control: kills did cut merges in two, and both outcomes were met.
    assert(halves > 0 && seen.includes("old") && seen.includes("new"), seen.join(" "));
  });
});
