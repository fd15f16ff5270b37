import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { compareTrees, describeOnHost, type ThrowawayHost, throwawayHost } from "../host/mod.ts";

const OWN = ["--server", "/srv/u", "--node", "n"];

/** What is there before. */
const FIXTURE = `
  mkdir -p /srv/t/gone/deep /srv/t/tree /srv/t/todir && cd /srv/t
  for n in file mode owner attr removed gone/1 gone/deep/2 tofile tree/1 setuid same; do
    echo old >$n
  done
  rm tofile; mkdir tofile; echo old >tofile/1; rmdir todir; echo old >todir
  ln -s file link; ln -s file replaced; ln file hard; mkfifo pipe
  chmod 4755 setuid; setfattr -n user.old -v 1 attr; touch "$(printf 'gone\\344')"
  find . -exec touch -h -d @1000000000.123456789 {} +`;

/** Every kind of change; a second run finds nothing to do. */
const SCRIPT = `set -e
  cd /srv/t
  [ -e done ] && exit 0
  rm -r gone removed gone?* replaced pipe tofile todir
  echo new >file; chmod 600 mode; chown 1:2 owner
  setfattr -n user.new -v 2 attr; setfattr -x user.old attr
  echo content >replaced; mkdir todir; echo new >todir/1; echo new >tofile
  ln -sfn mode link; mv tree moved; chmod 2711 moved
  echo x >suid; chown 1:1 suid; chmod 6755 suid; chmod 755 setuid
  mkdir -p new/a; echo a >new/a/1; ln new/a/1 new/a/2; ln same hard2
  truncate -s 8M sparse; echo end >>sparse; mkfifo -m 620 fifo; touch "$(printf 'b\\344\\n')"
  touch -d @-5.5 done
`;

async function prepare(script: string): Promise<ThrowawayHost> {
  const host = await throwawayHost();
  host.mkdir("/var/disco");
  host.write("/srv/u/parameters/n/modules/a", "");
  host.write("/srv/u/balls/a/scripts/1", script);
  await host.run(["bash", "-c", FIXTURE]);
  return host;
}

async function disco(host: ThrowawayHost, ...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await host.disco(...words);
  assertEquals(code, 0, `${words.join(" ")}: ${stderr}`);
  return stdout + stderr;
}

async function dance(host: ThrowawayHost): Promise<{ kind: string; path: string }[]> {
  const { code, stdout, stderr } = await host.disco("dance", "--json", ...OWN);
  assertEquals(code, 0, stderr);
  return JSON.parse(stdout).changes;
}

describeOnHost("a merge of every kind of change", () => {
  it("is whole, is idempotent, is undone, and the undoing is undone", async () => {
    await using host = await prepare(SCRIPT);
    const old = host.tree();
    const changes = await dance(host);
    const kinds = [...new Set(changes.map(({ kind }) => kind))].sort();
    assertEquals(kinds, ["attributes", "created", "deleted", "modified", "replaced"]);
    const now = host.tree();
    assert(compareTrees(old, now).length > 30);

    const stat = (name: string) => host.lstat(`/srv/t/${name}`)!;
    assertEquals([stat("suid").mode, stat("suid").uid], [0o6755, 1]);
    assertEquals([stat("fifo").type, stat("fifo").mode], ["fifo", 0o620]);
    assertEquals([stat("new/a/1").ino, stat("new/a/1").nlink], [stat("new/a/2").ino, 2]);
    assertEquals(stat("hard2").ino, stat("same").ino);
    assertEquals(stat("done").mtime, -5_500_000_000n);
    assertEquals(stat("sparse").size, (8 << 20) + 4);
    assert(stat("sparse").blocks < 100, `${stat("sparse").blocks} blocks`);
    assertEquals(
      await host.run(["getfattr", "--only-values", "-n", "user.new", "/srv/t/attr"]),
      "2",
    );

    assertEquals(await dance(host), []);
    assertEquals(compareTrees(now, host.tree()), []);

    await disco(host, "rollback");
    // The name that was added waits in a slot, so that the undoing can be undone.
    assertEquals(compareTrees(old, host.tree()), ["/srv/t/same: nlink 1 -> 2"]);
    const [undo = ""] = (await host.run(["ls", "-r", "/var/disco/generations"])).split("\n");
    await disco(host, "rollback", undo);
    assertEquals(compareTrees(now, host.tree()), []);
  });
});

describeOnHost("a new name of a file", () => {
  it("is the same file, also where its attributes change", async () => {
    await using host = await prepare("cd /srv/t; chmod 600 mode; ln -f mode hard2\n");
    await dance(host);
    assertEquals(host.lstat("/srv/t/hard2")!.ino, host.lstat("/srv/t/mode")!.ino);
  });
});

describeOnHost("a merge that somebody disturbs", () => {
  it("is danced again, and the other's edit is not lost", async () => {
    await using host = await prepare("echo mine >>/srv/t/file; echo ready; sleep 1\n");
    const running = host.spawn(host.discoArgv("dance", ...OWN), { timeout: 60_000 });
    await running.printed(/ready/);
    await host.run(["sh", "-c", "echo theirs >>/srv/t/file"]);
    const { code, stdout, stderr } = await running.outcome;
    assertEquals(code, 0, stderr);
    assertStringIncludes(stdout + stderr, "dancing again");
    assertEquals(host.read("/srv/t/file"), "old\ntheirs\nmine\n");
  });
});

describeOnHost("a rollback", () => {
  it("does not undo what somebody has changed since", async () => {
    await using host = await prepare("echo mine >/srv/t/file; mkdir -p /srv/t/new\n");
    await dance(host);
    await host.run(["sh", "-c", "echo theirs >>/srv/t/file; echo theirs >/srv/t/new/inside"]);
    const changed = host.tree();
    const { code, stderr } = await host.disco("rollback");
    assert(code !== 0);
    for (const path of ["/srv/t/file", "/srv/t/new"]) assertStringIncludes(stderr, `"${path}"`);
    assertEquals(compareTrees(changed, host.tree()), []);
  });

  it("that is forced undoes a folder with whatever has come into it", async () => {
    await using host = await prepare("mkdir -p /srv/t/new\n");
    const before = host.tree();
    await dance(host);
    host.write("/srv/t/new/inside", "theirs\n");
    assert((await host.disco("rollback")).code !== 0);
    await disco(host, "rollback", "--force");
    assertEquals(compareTrees(before, host.tree()), []);
  });

  for (const how of ["echo theirs >>file", "sed -i s/mine/theirs/ file", "rm file"]) {
    it(`that is forced undoes what was changed since: ${how}`, async () => {
      await using host = await prepare("echo mine >/srv/t/file\n");
      const before = host.tree();
      await dance(host);
      await host.run(["sh", "-c", `cd /srv/t && ${how}`]);
      await disco(host, "rollback", "--force");
      assertEquals(compareTrees(before, host.tree()), []);
    });
  }

  it("of nothing is refused", async () => {
    await using host = await prepare("true\n");
    const { code, stderr } = await host.disco("rollback");
    assert(code !== 0);
    assertStringIncludes(stderr, "there is none");
  });
});

describeOnHost("recovery", () => {
  it("drops what was never committed, and keeps what was", async () => {
    await using host = await prepare("echo new >/srv/t/file\n");
    await dance(host);
    const kept = await host.run(["ls", "/var/disco/generations"]);
    const state = host.tree();
    host.write("/var/disco/generations/0-cut-off/slots/0", "half");
    const said = await disco(host, "recover");
    assertStringIncludes(said, "dropped the merge 0-cut-off");
    assertEquals(await host.run(["ls", "/var/disco/generations"]), kept);
    assertEquals(compareTrees(state, host.tree()), []);
    assertStringIncludes(await disco(host, "recover"), "nothing to recover");
  });
});
