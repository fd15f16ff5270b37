import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { compareTrees, describeOnHost, newScene, type Scene } from "../host/mod.ts";

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

async function prepare(script: string): Promise<Scene> {
  const scene = (await newScene()).ball("a", script);
  await scene.sh(FIXTURE);
  return scene;
}

describeOnHost("a merge of every kind of change", () => {
  it("is whole, is idempotent, is undone, and the undoing is undone", async () => {
    await using scene = await prepare(SCRIPT);
    const { host } = scene;
    const old = host.tree();
    const { result: { changes } } = await scene.dance().ok();
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

    await scene.dance().changes().untouched().ok();

    await scene.rollback().ok();
    // The name that was added waits in a slot, so that the undoing can be undone.
    assertEquals(compareTrees(old, host.tree()), ["/srv/t/same: nlink 1 -> 2"]);
    const [undo = ""] = (await host.run(["ls", "-r", "/var/disco/generations"])).split("\n");
    await scene.rollback(undo).ok();
    assertEquals(compareTrees(now, host.tree()), []);
  });
});

describeOnHost("a new name of a file", () => {
  it("is the same file, also where its attributes change", async () => {
    await using scene = await prepare("cd /srv/t; chmod 600 mode; ln -f mode hard2\n");
    const { host } = scene;
    await scene.dance().ok();
    assertEquals(host.lstat("/srv/t/hard2")!.ino, host.lstat("/srv/t/mode")!.ino);
  });
});

describeOnHost("a merge that somebody disturbs", () => {
  it("is danced again, and the other's edit is not lost", async () => {
    await using scene = await prepare("echo mine >>/srv/t/file; echo ready; sleep 1\n");
    await scene.danceInWords().meanwhile(/ready/, () => scene.sh("echo theirs >>/srv/t/file")).ok()
      .says("dancing again").leaves({ "/srv/t/file": "old\ntheirs\nmine\n" });
  });
});

describeOnHost("a rollback", () => {
  it("does not undo what somebody has changed since", async () => {
    await using scene = await prepare("echo mine >/srv/t/file; mkdir -p /srv/t/new\n");
    await scene.dance().ok();
    await scene.sh("echo theirs >>/srv/t/file; echo theirs >/srv/t/new/inside");
    await scene.rollback().fails('"/srv/t/file"', '"/srv/t/new"').untouched();
  });

  it("that is forced undoes a folder with whatever has come into it", async () => {
    await using scene = await prepare("mkdir -p /srv/t/new\n");
    const { host } = scene;
    const before = host.tree();
    await scene.dance().ok();
    scene.live({ "/srv/t/new/inside": "theirs\n" });
    await scene.rollback().exits(1);
    await scene.rollback("--force").ok();
    assertEquals(compareTrees(before, host.tree()), []);
  });

  for (const how of ["echo theirs >>file", "sed -i s/mine/theirs/ file", "rm file"]) {
    it(`that is forced undoes what was changed since: ${how}`, async () => {
      await using scene = await prepare("echo mine >/srv/t/file\n");
      const { host } = scene;
      const before = host.tree();
      await scene.dance().ok();
      await scene.sh(`cd /srv/t && ${how}`);
      await scene.rollback("--force").ok();
      assertEquals(compareTrees(before, host.tree()), []);
    });
  }

  it("of nothing is refused", async () => {
    await using scene = await prepare("true\n");
    await scene.rollback().fails("there is none");
  });
});

describeOnHost("recovery", () => {
  it("drops what was never committed, and keeps what was", async () => {
    await using scene = await prepare("echo new >/srv/t/file\n");
    await scene.dance().ok();
    const kept = await scene.sh("ls /var/disco/generations");
    scene.live({ "/var/disco/generations/0-cut-off/slots/0": "half" });
    const { stdout, stderr } = await scene.disco("recover").untouched().ok();
    assertStringIncludes(stdout + stderr, "dropped the merge 0-cut-off");
    assertEquals(await scene.sh("ls /var/disco/generations"), kept);
    await scene.disco("recover").says("nothing to recover").ok();
  });
});
