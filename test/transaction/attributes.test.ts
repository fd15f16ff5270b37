import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { ConflictError } from "../../lib/merge/mod.ts";
import { Live } from "../../lib/merge/live.ts";
import { lchown, lstat } from "../../lib/posix/mod.ts";
import { Folder } from "../posix/folder.ts";

/** A user who puts a link to root's file in the place of his own, and takes it away, all the time. */
const RACER = `chdir $ARGV[0]; $| = 1; print "racing\\n"; my $end = time + 60;
while (time < $end) { rename "f", "kept"; symlink "../victim", "f"; unlink "f"; rename "kept", "f" }`;

const ROUNDS = 20_000;
/** The control goes on until it hits: on a busy machine the user may be away for long. */
const MOST_ROUNDS = 2_000_000;

/** Change the attributes of `home/f` again and again while the user races; true if root's were. */
async function isHit(
  change: (folder: Folder, ino: string) => void,
  rounds = ROUNDS,
): Promise<boolean> {
  using folder = new Folder();
  folder.sh("mkdir home; touch home/f; echo root >victim; chmod 600 victim");
  const ino = String(lstat(folder.at("home/f"))!.ino);
  const racer = new Deno.Command("perl", {
    args: ["-e", RACER, folder.at("home")],
    stdout: "piped",
    stdin: "null",
  }).spawn();
  const reader = racer.stdout.getReader();
  try {
    await reader.read();
    for (let i = 0; i < rounds; i++) {
      change(folder, ino);
      if (lstat(folder.at("victim"))!.mode !== 0o600) return true;
    }
    return false;
  } finally {
    racer.kill("SIGKILL");
    await racer.status;
    await reader.cancel();
  }
}

describe("attributes of a file that its owner replaces by a link at the same time", () => {
  it("should be set on that file and on no other", async () => {
    let done = 0;
    let conflicts = 0;
    const hit = await isHit((folder, ino) => {
      using live = new Live(folder.path, folder.path);
      try {
        const before = { mode: 0o644, uid: 0, gid: 0, xattrs: {} };
        const after = { mode: 0o4777, uid: 1000, gid: 1000, xattrs: {} };
        live.setAttributes({ kind: "attributes", path: "/home/f", ino, before, after });
        done++;
      } catch (error) {
        if (!(error instanceof ConflictError)) throw error;
        conflicts++;
      }
    });
    assertEquals(hit, false);
    // Both were met: it is a race.
    assert(done > 0 && conflicts > 0, `${done} done, ${conflicts} conflicts`);
  });

  it("control: by name, root's file is hit", async () => {
    const hit = await isHit((folder) => {
      const path = folder.at("home/f");
      if (lstat(path)?.type !== "file") return;
      try {
        lchown(path, 1000, 1000);
        Deno.chmodSync(path, 0o777);
      } catch {
        // It is away.
      }
    }, MOST_ROUNDS);
    assert(hit, `not in ${MOST_ROUNDS} rounds`);
  });
});
