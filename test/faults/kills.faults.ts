/**
 * A merge that is killed, or cut off from power, at each of its calls that change something.
 *
 * @module
 */
import { it } from "@std/testing/bdd";
import { describeOnHost } from "../host/mod.ts";
import { ask, check, checkKills, hostFor } from "./asking.ts";
import { FILE_SYSTEMS } from "./image.ts";

const MOUNTED_TWICE = [
  ["a folder", "ext4", "folder"],
  ["a subvolume", "btrfs", "subvolume"],
  ["the root itself", "ext4", "root"],
] as const;

describeOnHost("a killed merge", () => {
  for (const fs of FILE_SYSTEMS) {
    it(`is all or nothing on ${fs}, after a power cut, too`, async () => {
      await using host = await hostFor(fs);
      await checkKills(fs, host);
      check(`${fs}, kill of the recovery`, await ask(host, "recovery"), 15);
    });
  }

  for (const fs of FILE_SYSTEMS) {
    it(`loses nothing of what is due on ${fs}, after a power cut, too`, async () => {
      await using host = await hostFor(fs);
      check(`${fs}, kill of what is due`, await ask(host, "kills-of-due", "1"), 60);
    });
  }

  it("is all or nothing with DISCO's state on a file system of its own", async () => {
    await using host = await hostFor("ext4", { apart: true });
    await checkKills("ext4, state apart", host);
    check("ext4, staging moved away", await ask(host, "moved"), 15);
  });

  for (const [what, fs, twice] of MOUNTED_TWICE) {
    it(`is all or nothing where ${what} is mounted at two places`, async () => {
      await using host = await hostFor(fs, { twice });
      await checkKills(`${fs}, ${what} mounted twice`, host);
    });
  }
});
