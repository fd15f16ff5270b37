import { assert, assertEquals, assertMatch } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene } from "../host/mod.ts";

const MANY = `
  mkdir /srv/many; head -c 700000 /dev/urandom | base64 >/srv/text
  for i in {1..40}; do cp /srv/text /srv/many/$i; done; rm /srv/text`;
/** Directories in one another, by pieces: the kernel walks up all levels for each new one. */
const DEEP = (levels: number) =>
  `perl -e '
  for (my $left = ${levels}; $left > 0; $left -= 500) {
    mkdir "/srv/n"; chdir "/srv/n";
    for (2 .. ($left < 500 ? $left : 500)) { mkdir "d"; chdir "d" }
    if (-d "/srv/d") { rename "/srv/d", "d" or die $! } else { open F, ">f" }
    chdir "/srv"; rename "n", "d" or die $!;
  }'`;

describeOnHost("what a ball makes large, long or many", () => {
  it("costs nothing where it is a hole, and is told as too large for a hash", async () => {
    await using scene = await newScene();
    const script = "truncate -s 100T /srv/big; echo x >>/srv/big; truncate -s 2G /srv/hole\n" +
      "echo x >/srv/games; chown games /srv/games; truncate -s 3G /etc/passwd";
    const { result } = await scene.ball("a", script).dryRun().fails("pwck -r -q")
      .untouched();
    // Its merge is refused, because pwck(8) does not like such a file.
    const of = (path: string) => result.changes.find((change) => change.path === path)!;
    const big = of("/srv/big");
    assertEquals([big.tooLarge, big.after!.sha256, big.after!.size], [
      true,
      undefined,
      100 * 2 ** 40 + 2,
    ]);
    // sha256sum of 2 GiB of zeros.
    const zeros = "a7c744c13cc101ed66c29f672f92455547889cc586ce6d44fe76ae824958ea51";
    assertEquals([of("/srv/hole").tooLarge, of("/srv/hole").after!.sha256], [undefined, zeros]);
    // Nobody has a name by that file; root has one by systemd, where that is asked.
    assertEquals([of("/srv/games").after!.owner, of("/etc/passwd").before!.owner], [null, "root"]);
  });

  it("has diffs of a few MiB together, and says which are cut", async () => {
    await using scene = await newScene();
    const { result, stdout } = await scene.ball("a", MANY).dryRun().ok();
    assertEquals(result.changes.length, 41);
    const files = result.changes.filter(({ after }) => after?.type === "file");
    assert(files.every(({ diffCut, after }) => diffCut! > 0 && after!.sha256), "all are cut");
    assert(stdout.length < 6 * 2 ** 20, String(stdout.length));
  });

  it("is refused by name where directories lie too deep, and shown where they do not", async () => {
    await using scene = await newScene();
    const deep = await scene.ball("a", DEEP(20_000)).dryRun().fails().changes().untouched();
    assertMatch(deep.result.error!, /changes of ball "a": "\/srv\/d\/d.*is longer than 8192/);
    assert(!/\bat .*\.ts:/.test(deep.stderr));
    const flat = await scene.ball("a", DEEP(1000)).dryRun().untouched().ok();
    assertEquals(flat.result.changes.length, 1001);
  });

  it("is counted where it was there before, however deep", async () => {
    await using scene = await newScene();
    await scene.sh(DEEP(2000));
    const { result, stderr } = await scene.ball("a", "rm -rf /srv/d\n").dryRun();
    assertEquals(result.changes.map(({ kind, contained }) => [kind, contained]), [
      ["deleted", 2000],
    ], stderr);
  });
});
