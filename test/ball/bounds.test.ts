import { assertEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { inspectBall, readBall } from "../../lib/ball/mod.ts";
import { DiscoError } from "../../lib/error/mod.ts";
import { mergeTrees, Params } from "../../lib/params/mod.ts";
import { deliverFiles } from "../../lib/render/mod.ts";
import { TemplateFolder } from "../../lib/render/templates.ts";

/** A ball that a script of bash makes in its folder. */
class HostileBall implements Disposable {
  readonly #top = Deno.makeTempDirSync({ prefix: "disco-hostile-" });
  readonly dir = `${this.#top}/web`;

  constructor(script: string) {
    Deno.mkdirSync(this.dir);
    this.sh(script);
  }

  sh(script: string): void {
    const { success } = new Deno.Command("bash", { args: ["-euc", script], cwd: this.dir })
      .outputSync();
    if (!success) throw new Error(`Cannot make the ball: ${script}`);
  }

  [Symbol.dispose](): void {
    // It knows trees that are deeper than a path can be long.
    new Deno.Command("rm", { args: ["-rf", this.#top] }).outputSync();
  }
}

const DEEP = "mkdir -p $(printf 'd/%.0s' {1..300})";

const read = (dir: string) => void readBall(dir, "web");
const inspect = (dir: string) => inspectBall(dir, "web");
const deliver = (dir: string) => void deliverFiles(readBall(dir, "web"), `${dir}/../target`);
const template = (dir: string) => {
  using folder = new TemplateFolder(readBall(dir, "web"));
  folder.read("t.eta");
};
const merge = (dir: string) => mergeTrees([`${dir}/parameters`], `${dir}/../merged`);
const see = (dir: string) => void new Params(`${dir}/parameters`).object();

type Use = (dir: string) => void;

const CASES: [what: string, script: string, uses: Use[], why: string][] = [
  ["300 folders in one another", `mkdir files; cd files; ${DEEP}`, [inspect, deliver], "levels"],
  ["the same in scripts/", `mkdir scripts; cd scripts; ${DEEP}`, [inspect, read], "levels"],
  ["the same in parameters/", `mkdir parameters; cd parameters; ${DEEP}`, [merge, see], "levels"],
  [
    "a requires of 3 GB",
    "truncate -s 3G requires",
    [read],
    '"requires" of ball "web": it has more',
  ],
  ["a requires that is a FIFO", "mkfifo requires", [read, inspect], "fifo, not a regular file"],
  ["a permissions of 3 GB", "truncate -s 3G permissions", [read], '"permissions" of ball "web"'],
  [
    "a permissions of 2,000 rules",
    "yes '600 - - /x' | head -n 2000 >permissions",
    [read],
    '"web/permissions": it has more than 1000 lines',
  ],
  ["as many secrets", "yes 'secret /x' | head -n 2000 >permissions", [read], "1000 lines"],
  [
    "a relative purge",
    "printf '/a\\n\\netc/x\\n' >purge",
    [read],
    '"web/purge", line 3: expected an absolute',
  ],
  ["a purge of 2,000 lines", "yes /x | head -n 2000 >purge", [read], '"web/purge": it has more'],
  ["a requires of 2,000 lines", "yes x | head -n 2000 >requires", [read], '"web/requires": it has'],
  [
    "a long glob",
    "printf '600 - - /%09000d' 0 >permissions",
    [read],
    '"permissions" of ball "web": line 1 has more than 8192 characters',
  ],
  [
    "a long name of a ball",
    "printf '#\\n%09000d' 0 >requires",
    [read],
    "line 2 has more than 8192",
  ],
  ["a template of 3 GB", "mkdir templates; truncate -s 3G templates/t.eta", [template], "has more"],
  [
    "a parameter of 3 GB",
    "mkdir parameters; truncate -s 3G parameters/x",
    [merge, see],
    "it has more than 4194304 bytes",
  ],
  [
    "parameters of 80 MB together",
    "mkdir parameters; for i in {1..20}; do truncate -s 4M parameters/$i; done",
    [merge, see],
    "more than 67108864 bytes",
  ],
  ["a FIFO for a parameter", "mkdir parameters; mkfifo parameters/x", [merge, see], "special file"],
];

describe("a ball that is too much", () => {
  for (const [what, script, uses, why] of CASES) {
    it(`should be told: ${what}`, () => {
      using ball = new HostileBall(`mkdir ../target; ${script}`);
      for (const use of uses) assertThrows(() => use(ball.dir), DiscoError, why);
    });
  }

  it("should be read up to the bounds", () => {
    using ball = new HostileBall(`mkdir -p ../target files/$(printf 'd/%.0s' {1..190}) templates
      yes '600 - - /x' | head -n 1000 >permissions; printf '/%08000d\\n' 0 >>purge
      head -c 4194304 /dev/zero >templates/t.eta`);
    inspect(ball.dir);
    deliver(ball.dir);
    template(ball.dir);
    assertEquals(readBall(ball.dir, "web").permissions.length, 1000);
  });

  it("should have paths longer than the kernel takes, which end a walk by path (control)", () => {
    const long = "d".repeat(200);
    using ball = new HostileBall(
      `mkdir ../target files; cd files; for i in {1..25}; do mkdir ${long}; cd ${long}; done; touch x`,
    );
    inspect(ball.dir);
    deliver(ball.dir);
    const walkAll = (dir: string): void => {
      for (const { name } of Deno.readDirSync(dir)) walkAll(`${dir}/${name}`);
    };
    assertThrows(() => walkAll(`${ball.dir}/files`), Error, "too long");
  });
});
