import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { facts } from "../../lib/facts/mod.ts";
import { Params } from "../../lib/params/mod.ts";
import { EtaRenderer } from "../../lib/render/mod.ts";
import { Fixture } from "./fixture.ts";

/** Programs that make the file `$`, if they can. */
const ATTACKS = {
  "Deno's functions": 'Deno.writeTextFileSync("$", "x")',
  "a global object by another name": 'Function("return this")().Deno.writeTextFileSync("$", "x")',
  "node's functions": 'process.getBuiltinModule("node:fs").writeFileSync("$", "x")',
  "an import": 'import("node:fs").then((fs) => fs.writeFileSync("$", "x"))',
  "a program": 'new Deno.Command("touch", { args: ["$"] }).outputSync()',
  "a library of C": 'Deno.dlopen("libc.so.6", { creat: { parameters: ["buffer", "u32"], ' +
    'result: "i32" } }).symbols.creat(new TextEncoder().encode("$\\0"), 0o644)',
  "a worker": 'new Worker("data:text/javascript," + encodeURIComponent(' +
    '\'Deno.writeTextFileSync("$", "x"); self.close()\'), { type: "module" })',
};

/** The attack as a template with Eta, which may fail, in the evaluator that a `deno` uses. */
async function inTemplate(code: string): Promise<void> {
  using tree = new Fixture();
  const ball = tree.ball({ "templates/x.eta": `<% ${code} %>` });
  const view = { node: "n", params: new Params(`${tree.dir}/none`), facts: facts() };
  await using renderer = new EtaRenderer();
  await renderer.render(ball, ["x.eta"], view).catch(() => {});
  // A promise of the template would be carried out by now.
  await renderer.render(ball, ["x.eta"], view).catch(() => {});
}

/** The same without any protection. */
async function unprotected(code: string): Promise<void> {
  await script(["run", "-A", "-"], code);
}

async function script(args: string[], code: string): Promise<Deno.CommandOutput> {
  const child = new Deno.Command(Deno.execPath(), {
    args,
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  await new Response(code).body!.pipeTo(child.stdin);
  return await child.output();
}

describe("a hostile template", () => {
  for (const [means, attack] of Object.entries(ATTACKS)) {
    for (
      const [where, run, works] of [
        ["in a template", inTemplate, false],
        ["without protection", unprotected, true],
      ] as const
    ) {
      it(`${works ? "writes" : "cannot write"} through ${means} ${where}`, async () => {
        using tree = new Fixture();
        await run(attack.replaceAll("$", `${tree.outside}/file`));
        assertEquals([...Deno.readDirSync(tree.outside)].length, works ? 1 : 0);
      });
    }
  }

  it("does not see the environment or files", async () => {
    using tree = new Fixture({ "etc/": "" });
    for (
      const code of [
        "Deno.env.get('PATH')",
        "Deno.readTextFileSync('/etc/passwd')",
        "process.env.PATH",
      ]
    ) {
      const ball = tree.ball({ "templates/x.eta": `<%= ${code} %>` });
      const view = { node: "n", params: new Params(`${tree.dir}/none`), facts: facts() };
      await using renderer = new EtaRenderer();
      const result = await renderer.render(ball, ["x.eta"], view).catch((e) => e.name);
      assertEquals(result, "DiscoError");
    }
  });
});
