import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { OpenWatch } from "../../lib/posix/mod.ts";

/** What is done to a script that is watched, and whether that reads it as a file. */
const WAYS:
  readonly (readonly [what: string, argv: (path: string) => string[], isRead: boolean])[] = [
    ["run", (path) => [path], false],
    ["run by a shell", (path) => ["sh", "-c", `${path}; exec ${path}`], false],
    ["looked at", (path) => ["stat", path], false],
    ["read", (path) => ["cat", path], true],
    ["read and run", (path) => ["sh", "-c", `cat ${path} >/dev/null; ${path}`], true],
    [
      "read through a link",
      (path) => ["sh", "-c", `ln -s ${path} ${path}2; wc -c <${path}2`],
      true,
    ],
  ];

describe("OpenWatch", () => {
  for (const [what, argv, isRead] of WAYS) {
    it(`${isRead ? "sees" : "says nothing of"} a file that is ${what}`, async () => {
      const folder = await Deno.makeTempDir();
      const path = `${folder}/script`;
      await Deno.writeTextFile(path, "#!/bin/sh\ntrue\n", { mode: 0o755 });
      using watch = new OpenWatch([path]);
      const [program = "", ...args] = argv(path);
      await new Deno.Command(program, { args, stdout: "null" }).output();
      assertEquals(watch.read(), isRead ? [path] : []);
      assertEquals(watch.read(), [], "each is told once");
      await Deno.remove(folder, { recursive: true });
    });
  }

  it("forgets what was opened before it is renewed, and watches a file that came anew", async () => {
    const folder = await Deno.makeTempDir();
    const path = `${folder}/script`;
    const readIt = () => new Deno.Command("cat", { args: [path], stdout: "null" }).output();
    await Deno.writeTextFile(path, "one\n");
    using watch = new OpenWatch([path]);
    await readIt();
    assertEquals(watch.renew([path]), true);
    assertEquals(watch.read(), []);
    await Deno.remove(path);
    await Deno.writeTextFile(path, "another\n");
    await readIt();
    assertEquals(watch.read(), [], "control: the new file is not watched by itself");
    watch.renew([path]);
    await readIt();
    assertEquals(watch.read(), [path]);
    await Deno.remove(folder, { recursive: true });
  });
});
