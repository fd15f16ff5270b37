import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { join } from "@std/path";
import { sameHere } from "../../lib/transport/same_here.ts";

const PLENTY = { files: 1000, timeLeft: 60_000 };

/** What is done to one side of a copy, in sh, and whether the item is the same afterwards. */
const CASES: readonly [what: string, change: string, same: boolean][] = [
  ["nothing is done", "true", true],
  ["a file is read", "cat there/web/files/a >/dev/null", true],
  ["a file has another size", "echo more >>there/web/files/a", false],
  ["a file was written anew, with the same size", "echo b >there/web/files/a", false],
  ["its time alone is another", "touch there/web/files/a", false],
  [
    "its time differs by a nanosecond",
    "touch -d '2001-01-01 00:00:00.000000001' there/web/n",
    false,
  ],
  ["it has another mode", "chmod 600 there/web/files/a", false],
  ["it is set-user-ID", "chmod u+s there/web/files/a", false],
  ["a folder has another mode", "chmod 700 there/web/files", false],
  ["the item's own folder has", "chmod 700 there/web", false],
  ["there is a new file", "touch there/web/files/b", false],
  ["a file is gone", "rm there/web/files/a", false],
  ["a link leads elsewhere", "ln -sfn x there/web/link", false],
  ["a link became a file", "rm there/web/link; touch there/web/link", false],
  ["a file became a folder", "rm there/web/n; mkdir there/web/n", false],
  ["a file became a pipe", "rm there/web/n; mkfifo there/web/n", false],
  ["the item is gone", "rm -r there/web", false],
  ["the item is a link", "mv there/web there/x; ln -s x there/web", false],
  ["the item is a file", "rm -r there/web; touch there/web", false],
  ["it is not here", "rm -r here/web", false],
  ["a file here was changed", "echo x >here/web/files/a", false],
  [
    "a folder here is a link to the same",
    "mv here/web/files here/f; ln -s ../f here/web/files",
    false,
  ],
];

/** Two folders `there` and `here` with the same items. */
async function copies(): Promise<{ path: string } & Disposable> {
  const path = Deno.makeTempDirSync();
  const make =
    "mkdir -p there/web/files there/other; cd there/web; echo a >files/a; ln -s a link; " +
    "touch -d '2001-01-01' n; cd ../..; cp -a there here";
  await sh(path, make);
  return { path, [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }) };
}

async function sh(cwd: string, script: string): Promise<void> {
  const { success } = await new Deno.Command("sh", { args: ["-ec", script], cwd }).output();
  if (!success) throw new Error(`failed: ${script}`);
}

/** The decision, and that of rsync, which it has to be. */
async function decide(path: string, names: readonly string[]) {
  const [there, here] = [join(path, "there"), join(path, "here")];
  const args = [
    "-nrlpt",
    "--modify-window=-1",
    "--out-format=%i %n",
    `${there}/./${names[0]}`,
    here,
  ];
  const { code, stdout } = await new Deno.Command("rsync", { args }).output();
  const rsync = code === 0 && new TextDecoder().decode(stdout).trim() === "";
  return { same: sameHere(there, here, names, PLENTY), rsync };
}

describe("sameHere", () => {
  for (const [what, change, expected] of CASES) {
    it(`says ${expected ? "that it is the same" : "otherwise"} where ${what}`, async () => {
      using folder = await copies();
      await sh(folder.path, change);
      const { same, rsync } = await decide(folder.path, ["web"]);
      assertEquals(same?.has("web"), expected);
      // A pipe is what rsync skips with a message.
      if (!/pipe/.test(what)) assertEquals(rsync, expected, "rsync decides otherwise");
    });
  }

  it("goes on with the others", async () => {
    using folder = await copies();
    await sh(folder.path, "echo x >there/web/files/a");
    assertEquals((await decide(folder.path, ["web", "other"])).same, new Set(["other"]));
  });

  it("leaves it to rsync where there is more than may be looked at, or no time", async () => {
    using folder = await copies();
    const [there, here] = [join(folder.path, "there"), join(folder.path, "here")];
    assertEquals(sameHere(there, here, ["web"], { ...PLENTY, files: 3 }), new Set());
    assertEquals(sameHere(there, here, ["web"], { ...PLENTY, files: 5 }), new Set(["web"]));
    await sh(
      folder.path,
      "cd there/web; seq 600 | xargs touch; cd ../..; rm -r here; cp -a there here",
    );
    assertEquals(sameHere(there, here, ["web"], { ...PLENTY, timeLeft: -1 }), new Set());
    assertEquals(sameHere(there, here, ["web"], PLENTY), new Set(["web"]));
  });

  it("leaves very many files to rsync: nothing else is done while it looks", async () => {
    using folder = await copies();
    await sh(
      folder.path,
      "cd there/web; seq 21000 | xargs touch; cd ../..; rm -r here; cp -a there here",
    );
    const [there, here] = [join(folder.path, "there"), join(folder.path, "here")];
    assertEquals(sameHere(there, here, ["web"], { ...PLENTY, files: 100_000 }), undefined);
    assertEquals(sameHere(there, here, ["other"], PLENTY), new Set(["other"]));
  });

  it("leaves a tree that is too deep to rsync, and what it cannot read", async () => {
    using folder = await copies();
    await sh(
      folder.path,
      `cd there/web; mkdir -p ${"d/".repeat(130)}; cd ../..; rm -r here; cp -a there here`,
    );
    assertEquals((await decide(folder.path, ["web"])).same, undefined);
    assertEquals(sameHere("/nowhere", folder.path, ["web"], PLENTY), new Set());
  });
});
