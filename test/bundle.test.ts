import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { fromFileUrl, join } from "@std/path";
import { describeOnHost, type ThrowawayHost, throwawayHost } from "./host/mod.ts";

const PROJECT = fromFileUrl(new URL("..", import.meta.url)).replace(/\/$/, "");

/** Where a node has it: any folder, without the project. */
const PLACE = "/usr/local/lib/disco";
const WITHOUT_PROJECT = 'mount -t tmpfs none "$1" && cd / && shift && exec "$@"';

/** A host with the bundle in it. */
async function hostWithBundle(): Promise<ThrowawayHost> {
  await using folder = await temporary();
  const { code, stderr } = await task("bundle", {}, "--output", folder.path);
  assertEquals(code, 0, stderr);
  const host = await throwawayHost();
  host.mkdir("/var/disco");
  copy(host, folder.path, PLACE);
  return host;
}

/** Run the bundle as a node does: no project, no cache, no configuration of Deno. */
function disco(host: ThrowawayHost, ...args: string[]) {
  const argv = [Deno.execPath(), "run", "-A", `${PLACE}/disco.js`, ...args];
  const env = { DENO_DIR: "/tmp/none" };
  const bare = ["unshare", "--mount", "sh", "-c", WITHOUT_PROJECT, "sh", PROJECT, ...argv];
  return host.exec(bare, { env });
}

describeOnHost("deno task bundle", () => {
  it("builds a disco that needs nothing but Deno", async () => {
    await using host = await hostWithBundle();
    const dry = await disco(host, "dance", "--noop");
    assertEquals(dry.code, 0, dry.stderr);
    // A file, an Eta template, a bash template, a script's work, an effect.
    for (const path of ["welcome.txt", "facts.txt", "node.conf", "settings.conf"]) {
      assertStringIncludes(dry.stdout, `/etc/disco-hello/${path}`);
    }
    assertStringIncludes(dry.stderr, "warning: Would execute: echo");

    const live = await disco(host, "dance", "--server", "embedded");
    assertEquals(live.code, 0, live.stderr);
    assertStringIncludes(
      (await disco(host, "dance", "--server", "embedded")).stdout,
      "success: nothing to change",
    );
    assertEquals((await disco(host, "rollback")).code, 0);
    assertEquals(host.exists("/etc/disco-hello"), false);
  });

  it("starts itself, and not what happens to lie near it", async () => {
    await using host = await hostWithBundle();
    host.write("/usr/local/lib/mod.ts", "Deno.exit(7);\n");
    const { code, stdout, stderr } = await disco(host, "install");
    assertEquals(code, 0, stderr);
    const units = await host.run(["grep", "-rhs", "^ExecStart=", "/etc/systemd/system"]);
    assertStringIncludes(units, `${PLACE}/disco.js`, stdout);
  });

  it("disposes of all that the sources do", async () => {
    await using folder = await temporary();
    await task("bundle", {}, "--output", folder.path);
    const wanted = ["lib", "tasks"].reduce((sum, name) => sum + usings(join(PROJECT, name)), 0);
    assertEquals(usings(folder.path), wanted);
    // Control: the minifier would lose some.
    const args = ["bundle", "--quiet", "--minify", "--platform", "deno", "--outdir", folder.path];
    const options = { args: [...args, "tasks/disco.ts"], cwd: PROJECT, env: { NO_COLOR: "1" } };
    for (const { name } of Deno.readDirSync(folder.path)) {
      if (name.endsWith(".js")) Deno.removeSync(join(folder.path, name));
    }
    assertEquals((await new Deno.Command(Deno.execPath(), options).output()).code, 0);
    assertEquals(usings(folder.path) < wanted, true);
  });

  it("replaces an older one, and keeps it where the build fails", async () => {
    await using folder = await temporary();
    const [old, recent] = ["OLD", "RECENT"].map((name) => join(folder.path, `chunk-${name}.js`));
    for (const path of [old!, recent!]) Deno.writeTextFileSync(path, "");
    Deno.utimeSync(old!, 0, 0);
    const failed = await task("bundle", { PATH: "/nowhere" }, "--output", folder.path);
    assertEquals(failed.code, 1);
    assertMatch(failed.stderr, /^error: Cannot build /);
    await task("bundle", {}, "--output", folder.path);
    const names = [...Deno.readDirSync(folder.path)].map(({ name }) => name);
    assertEquals(names.filter((name) => /OLD|\.new/.test(name)), []);
    assertEquals(names.includes("disco.js"), true);
    // A dance that is running may want it.
    assertEquals(names.includes("chunk-RECENT.js"), true);
  });
});

describe("deno task compile", () => {
  for (
    const [name, given, ...says] of [
      ["there is no denort", "/nowhere/denort", 'DENORT_BIN names "/nowhere/denort"'],
      ["it is something else", "/bin/true", "what was built does not run", "DENORT_BIN has to"],
    ] as const
  ) {
    it(`says so, and leaves nothing, where ${name}`, async () => {
      await using folder = await temporary();
      const output = join(folder.path, "disco");
      const { code, stderr } = await task("compile", { DENORT_BIN: given }, "--output", output);
      assertEquals(code, 1);
      for (const text of [...says, `denort ${Deno.version.deno}`]) {
        assertStringIncludes(stderr, text);
      }
      assertEquals([...Deno.readDirSync(folder.path)], []);
    });
  }
});

async function task(name: string, env: Record<string, string>, ...args: string[]) {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", `${PROJECT}/tasks/${name}.ts`, ...args],
    env: { ...env, NO_COLOR: "1" },
  }).output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}

/** Declarations with `using` in the modules of a folder. */
function usings(folder: string): number {
  let found = 0;
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const path = join(folder, name);
    if (isDirectory) found += usings(path);
    else if (/\.[jt]s$/.test(name)) {
      found += Deno.readTextFileSync(path).match(/\busing [\w$]+ ?=/g)?.length ?? 0;
    }
  }
  return found;
}

async function temporary() {
  const path = await Deno.makeTempDir();
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

function copy(host: ThrowawayHost, from: string, to: string): void {
  for (const { name, isDirectory } of Deno.readDirSync(from)) {
    const [source, target] = [join(from, name), `${to}/${name}`];
    if (isDirectory) copy(host, source, target);
    else host.write(target, Deno.readFileSync(source), Deno.lstatSync(source).mode! & 0o7777);
  }
}
