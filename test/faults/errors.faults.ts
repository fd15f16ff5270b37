/**
 * A merge for which calls fail, or the disk loses writes.
 *
 * @module
 */
import { it } from "@std/testing/bdd";
import { describeOnHost } from "../host/mod.ts";
import { ask, check, hostFor, ROUNDS } from "./asking.ts";
import { FILE_SYSTEMS, type FileSystem } from "./image.ts";

/** Errors that are injected at every call on a file system. */
const ERRORS: Record<FileSystem, string[]> = {
  ext4: ["EIO", "ENOSPC"],
  xfs: ["EROFS"],
  btrfs: ["EDQUOT"],
};

describeOnHost("a merge", () => {
  for (const fs of FILE_SYSTEMS) {
    it(`is all or nothing on ${fs} when the disk loses writes`, async () => {
      await using host = await hostFor(fs);
      check(`${fs}, lost writes`, await ask(host, "lost", ROUNDS[fs]), 100);
    });

    it(`is all or nothing on ${fs} when calls fail, and when there is no room`, async () => {
      await using host = await hostFor(fs);
      const names = ERRORS[fs];
      check(`${fs}, ${names.join(" and ")}`, await ask(host, "errors", ...names), 140);
      check(`${fs}, full`, await ask(host, "full"), 15);
    });
  }
});
