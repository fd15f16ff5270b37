import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { fromFileUrl, join } from "@std/path";
import { SOURCES } from "../lib/program/built.ts";

const PROJECT = fromFileUrl(new URL("..", import.meta.url)).replace(/\/$/, "");
/** What a changed source says, and a bundle of it. */
const MARK = (word: string) => `\nconsole.log("this is ${word}");\n`;

/** A copy of the sources, in which things can be changed. */
async function project(): Promise<{ path: string } & AsyncDisposable> {
  const path = Deno.makeTempDirSync();
  const from = SOURCES.map((name) => join(PROJECT, name));
  await new Deno.Command("cp", { args: ["-a", ...from, path] }).output();
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

async function deno(folder: string, ...args: string[]) {
  const words = ["run", "-A", "--frozen", "--cached-only", ...args];
  const options = { args: words, cwd: folder, env: { NO_COLOR: "1" } };
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), options).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out: out!, err: err! };
}

function append(path: string, text: string): void {
  Deno.writeTextFileSync(path, text, { append: true });
}

describe("tasks/start.ts", () => {
  it("starts the bundle that was built from the sources as they are, and else the sources", async () => {
    await using copy = await project();
    const source = join(copy.path, "tasks/disco.ts");
    const start = () => deno(copy.path, "tasks/start.ts", "help");
    append(source, MARK("version 1"));
    assertMatch((await start()).out, /this is version 1[^]*usage: disco COMMAND/);

    assertEquals((await deno(copy.path, "tasks/bundle.ts")).code, 0);
    append(join(copy.path, "dist/disco.js"), MARK("the bundle"));
    assertMatch((await start()).out, /this is the bundle[^]*usage: disco COMMAND/);
    assertEquals((await deno(copy.path, "tasks/bundle.ts", "--if-changed")).out, "");

    // What makes a bundle an old one.
    const lib = join(copy.path, "lib");
    const changes: [string, () => void][] = [
      ["a source is changed", () => append(source, "// changed\n")],
      ["one is new", () => Deno.writeTextFileSync(join(lib, "new.ts"), "")],
      ["one is gone", () => Deno.removeSync(join(lib, "new.ts"))],
      [
        "a shipped ball is changed",
        () => Deno.writeTextFileSync(join(copy.path, "universe/x"), ""),
      ],
      ["dependencies are", () => append(join(copy.path, "deno.lock"), "\n")],
    ];
    for (const [what, change] of changes) {
      change();
      const { out } = await start();
      assertStringIncludes(out, "this is version 1", what);
      assertEquals(out.includes("this is the bundle"), false, what);
      const built = await deno(copy.path, "tasks/bundle.ts", "--if-changed");
      assertMatch(built.out, /^info: built /, what);
      append(join(copy.path, "dist/disco.js"), MARK("the bundle"));
      assertStringIncludes((await start()).out, "this is the bundle", what);
    }
  });

  it("starts the sources while a bundle is half written", async () => {
    await using copy = await project();
    assertEquals((await deno(copy.path, "tasks/bundle.ts")).code, 0);
    append(join(copy.path, "dist/disco.js"), MARK("the bundle"));
    Deno.removeSync(join(copy.path, "dist/built-from"));
    const { code, out } = await deno(copy.path, "tasks/start.ts", "help");
    assertEquals([code, out.includes("this is the bundle")], [0, false]);
  });

  it("does not run a bundle that others can change", async () => {
    await using copy = await project();
    Deno.chmodSync(copy.path, 0o755);
    assertEquals((await deno(copy.path, "tasks/bundle.ts")).code, 0);
    const state = ["--state", join(copy.path, "state")];
    const before = await deno(copy.path, "tasks/start.ts", "history", ...state);
    assertEquals(before.code, 0, before.err);
    append(join(copy.path, "dist/disco.js"), MARK("the bundle"));
    const start = () => deno(copy.path, "tasks/start.ts", "history", ...state);
    assertStringIncludes((await start()).out, "this is the bundle");
    for (const path of ["dist/disco.js", "dist", "dist/built-from"]) {
      const { mode } = Deno.lstatSync(join(copy.path, path));
      Deno.chmodSync(join(copy.path, path), mode! & 0o777 | 0o002);
      const { code, out } = await start();
      assertEquals([code, out.includes("this is the bundle")], [0, false], path);
      Deno.chmodSync(join(copy.path, path), mode! & 0o777);
      Deno.chownSync(join(copy.path, path), 1000, 1000);
      assertEquals((await start()).out.includes("this is the bundle"), false, path);
      Deno.chownSync(join(copy.path, path), 0, 0);
    }
    assertStringIncludes((await start()).out, "this is the bundle");
    // What starts it is looked at, too, and what a bundle loads besides.
    const [chunk] = [...Deno.readDirSync(join(copy.path, "dist"))].map(({ name }) => name)
      .filter((name) => name.startsWith("chunk-"));
    for (const path of ["tasks/start.ts", `dist/${chunk}`]) {
      const { mode } = Deno.lstatSync(join(copy.path, path));
      Deno.chmodSync(join(copy.path, path), mode! & 0o777 | 0o002);
      const { code, err } = await start();
      assertEquals(code, 1, path);
      assertMatch(err, /Cannot run: ".*" can be changed by others than root/, path);
      Deno.chmodSync(join(copy.path, path), mode! & 0o777);
    }
  });

  it("starts the sources where the bundle is gone, or a source is a link", async () => {
    await using copy = await project();
    assertEquals((await deno(copy.path, "tasks/bundle.ts")).code, 0);
    const main = join(copy.path, "dist/disco.js");
    append(main, MARK("the bundle"));
    Deno.renameSync(main, `${main}.away`);
    assertEquals((await deno(copy.path, "tasks/start.ts", "help")).code, 0);
    Deno.renameSync(`${main}.away`, main);
    assertStringIncludes((await deno(copy.path, "tasks/start.ts", "help")).out, "the bundle");
    const source = join(copy.path, "lib/error/mod.ts");
    Deno.renameSync(source, join(copy.path, "error.ts"));
    Deno.symlinkSync("../../error.ts", source);
    assertEquals((await deno(copy.path, "tasks/bundle.ts")).code, 1);
    const { code, out } = await deno(copy.path, "tasks/start.ts", "help");
    assertEquals([code, out.includes("the bundle")], [0, false]);
  });
});
