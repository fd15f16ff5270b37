import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { parseServer } from "../../lib/transport/server.ts";
import { type FetchStep, fetchUniverse } from "../../lib/transport/mod.ts";
import { foresee } from "../../lib/transport/foresee.ts";
import { writeFiles } from "../ball/files.ts";
import { client, SMALL } from "./universe.ts";

const LIMITS = { seconds: 60, bytes: 1 << 30, files: 1000, balls: 20, waves: 64 };

describe("foresee", () => {
  let dir: string, universe: string;

  beforeEach(() => {
    dir = Deno.makeTempDirSync();
    universe = writeFiles(join(dir, "universe"), SMALL);
  });
  afterEach(() => Deno.removeSync(dir, { recursive: true }));

  const foreseen = (node = "web1") => foresee(parseServer(universe), node, LIMITS);
  const sorted = (node?: string) => foreseen(node)?.balls.toSorted();

  it("finds what the walk finds, so that nothing is left to bring for it", async () => {
    assertEquals(foreseen()?.parameters, ["web1"]);
    assertEquals(foreseen()?.groups.toSorted(), ["all", "base", "webservers"]);
    assertEquals(sorted(), ["base", "monitor", "ntp", "packages", "users", "web"]);
    const steps: FetchStep[] = [];
    const context = await client(join(dir, "state"), universe);
    const { changed } = await fetchUniverse(context, (step) => steps.push(step));
    assertEquals(changed.balls.length, 6);
    const [first, ...others] = steps.filter(({ bytes }) => (bytes ?? 0) > 0);
    assertEquals([first?.name, others], ["at once", []]);
  });

  it("takes what the default node needs for one that is not listed", () => {
    writeFiles(universe, { "parameters/default/modules/ntp": "" });
    assertEquals(foreseen("unlisted")?.parameters, ["default"]);
    assertEquals(sorted("unlisted"), ["ntp"]);
  });

  it("stops where groups or balls name one another", () => {
    writeFiles(universe, {
      "groups/base/member/all": "",
      "groups/all/member/base": "",
      "balls/base/requires": "after web",
    });
    assertEquals(sorted()?.length, 6);
  });

  it("foresees what is missing as well: the walk says that it is", () => {
    writeFiles(universe, { "balls/web/requires": "after nowhere" });
    assertEquals(sorted()?.includes("nowhere"), true);
  });

  const HOSTILE: readonly [what: string, change: string][] = [
    ["requires is a pipe", "rm balls/web/requires; mkfifo balls/web/requires"],
    ["requires is a link", "ln -sf /etc/shadow balls/web/requires"],
    ["requires is a folder", "rm balls/web/requires; mkdir balls/web/requires"],
    ["requires is large", "truncate -s 1G balls/web/requires"],
    ["requires is nonsense", "head -c 1000 /dev/urandom >balls/web/requires"],
    ["a ball is a link", "rm -r balls/web; ln -s /etc balls/web"],
    ["a name is none", "touch 'parameters/web1/modules/a b'"],
    ["modules is a link", "rm -r parameters/web1/modules; ln -s /etc parameters/web1/modules"],
    ["there is no end", "cd parameters/web1/modules; seq -f b%g 5000 | xargs touch"],
  ];
  for (const [what, change] of HOSTILE) {
    it(`guesses less, and does not fail, where ${what}`, async () => {
      const { success } = await new Deno.Command("sh", {
        args: ["-ec", change],
        cwd: universe,
      }).output();
      assertEquals(success, true);
      const found = foreseen()?.balls ?? [];
      assertEquals(found.length <= LIMITS.balls, true);
      assertEquals(found.includes("packages"), false, String(found));
    });
  }

  it("is for a universe on this machine", () => {
    assertEquals(foresee(parseServer("host:/srv/universe"), "web1", LIMITS), undefined);
    assertEquals(foresee(parseServer("/nowhere"), "web1", LIMITS), undefined);
  });
});
