/**
 * Mounts onto what is held, and by name, where a link stands in the place of a folder.
 *
 * @module
 */
import { Tree } from "../../lib/door/mod.ts";
import { mount, MS, type SyscallError } from "../../lib/posix/mod.ts";
import { mountNothing, mountOverlay } from "../../lib/union/overlay.ts";
import { bash, unmountBelow } from "./child.ts";

/** What came of each way. */
export interface Held {
  /** What is seen in the host's folder after a mount by name, and after one onto what is held. */
  readonly byName: string;
  readonly held: string;
  /** Why there was nothing to hold. */
  readonly refused: string;
  /** What overlays show that are mounted with each form of the call, and what can be written there. */
  readonly forms: readonly string[];
  /** What is seen of more layers than one overlay takes, with each form of the call. */
  readonly many: readonly string[];
  /** Why that many are refused on what is an overlay itself. */
  readonly third: string;
  readonly nothing: string;
}

function play(home: string): Held {
  bash(
    "mkdir -p scratch/{low,empty,up,work} union/{mnt,a,b,c,d,e,n} host; echo host >host/f",
    home,
  );
  bash(
    "mkdir -p many/{1..600}; for i in {1..600}; do echo $i >many/$i/f; : >many/$i/$i; done",
    home,
  );
  bash("ln -s ../../host union/mnt/data; echo layer >scratch/low/f; touch scratch/low/g", home);
  bash("echo live >a; rm a; mkdir live; echo live >live/h", home);
  const scratch = `${home}/scratch`;
  using tree = new Tree(`${home}/union`);
  using live = new Tree(home).spot("/live");
  const seen = (folder: string) => bash("cat *", `${home}/${folder}`);

  mount(`${home}/live`, `${home}/union/mnt/data`, "", MS.BIND);
  const byName = seen("host");
  bash(`umount '${home}/host'`, home);
  let refused = "";
  try {
    using at = tree.spot("/mnt/data");
    refused = at.isDirectory ? "" : "no directory";
    mountOverlay(scratch, at, 0, { lowers: ["low"], live: live.link, top: null });
  } catch (error) {
    refused += `, ${(error as SyscallError).code}`;
  }
  const held = seen("host");
  const top = { upper: "up", work: "work", isVolatile: false };
  const forms = [true, false].map((isModern) => {
    using at = tree.spot(isModern ? "/a" : "/b");
    const parts = { lowers: ["low"], live: live.link, top: isModern ? top : null };
    mountOverlay(scratch, at, isModern ? MS.NOEXEC : MS.RDONLY, parts, isModern);
    return bash(
      "cat *; echo new 2>/dev/null >n || echo read-only; findmnt -no OPTIONS . | cut -d, -f1,2",
      `${home}/union/${isModern ? "a" : "b"}`,
    );
  });
  const layers = (most: number) => Array.from({ length: most }, (_, i) => `../many/${most - i}`);
  const many = [true, false].map((isModern) => {
    using at = tree.spot(isModern ? "/c" : "/d");
    const parts = { lowers: layers(isModern ? 600 : 350), live: live.link, top: null };
    mountOverlay(scratch, at, MS.RDONLY, parts, isModern);
    return bash("cat f h; ls | wc -l", `${home}/union/${isModern ? "c" : "d"}`);
  });
  using overlay = new Tree(home).spot("/union/a");
  using on = tree.spot("/e");
  let third = "";
  try {
    mountOverlay(scratch, on, MS.RDONLY, { lowers: layers(600), live: overlay.link, top: null });
  } catch (error) {
    third = (error as Error).message;
  }
  using at = tree.spot("/n");
  mountNothing(scratch, at);
  const nothing = bash("ls -A | wc -l; : 2>/dev/null >n || echo read-only", `${home}/union/n`);
  return { byName, held, refused, forms, many, third, nothing };
}

if (import.meta.main) {
  const home = Deno.makeTempDirSync({ prefix: "disco-test-" });
  mount("none", home, "tmpfs");
  try {
    console.log(JSON.stringify(play(home)));
  } finally {
    unmountBelow(home);
    bash(`cd /; umount -l '${home}'; rmdir '${home}'`, "/");
  }
}
