import { assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import {
  compareTrees,
  describeOnHost,
  newScene,
  type Scene,
  type ThrowawayHost,
  type Tree,
} from "../host/mod.ts";
import { describeTree } from "./support.ts";
import { TABLES, type TypeRow } from "./types.ts";

/** Make the old state in a folder; everything in it is old. */
async function furnish(host: ThrowawayHost, folder: string, { old }: TypeRow): Promise<void> {
  const age = "find . -depth -execdir touch -h -d '2001-02-03 04:05:06.123456789' {} +";
  host.mkdir(folder);
  await host.run(["bash", "-ec", `cd ${folder}; { ${old || ":"}; }; ${age}`]);
}

/** What becomes of the row without DISCO. */
async function control(host: ThrowawayHost, folder: string, row: TypeRow): Promise<string[]> {
  await furnish(host, folder, row);
  if (!row.isNothing) await host.run(["bash", "-ec", `cd ${folder}; umask 022; ${row.script}`]);
  return look(host, folder, row);
}

function look(host: ThrowawayHost, folder: string, { keepsFolders }: TypeRow): string[] {
  return describeTree(host, folder, { folderTimes: !keepsFolders });
}

/**
 * What is not as it was. The kept generation may hold one more name of an inode; that shows in the
 * number of its links.
 */
function leftOver(before: Tree, after: Tree): string[] {
  return compareTrees(before, after).filter((line) => !/: nlink \d+ -> \d+$/.test(line));
}

/** Dance all rows at once, twice, in a folder of the host, and roll back. */
async function danceRows(scene: Scene, folder: string, rows: readonly TypeRow[]) {
  const { host } = scene;
  // The generations of a second file system lie on it.
  const tree = () => host.tree(["/var/disco", `${folder}/.disco`]);
  const expected: string[][] = [];
  let script = "set -e\n";
  for (const [i, row] of rows.entries()) {
    await furnish(host, `${folder}/${i}`, row);
    expected.push(await control(host, `${folder}/control-${i}`, row));
    script += `(cd ${folder}/${i}; ${row.script})\n`;
  }
  scene.ball("b", script);
  // The tables delete more than a merge may without a word.
  host.write("/etc/disco/client/deletions", "10000");
  const before = tree();

  const { result: { changes } } = await scene.dance().ok();
  for (const [i, row] of rows.entries()) {
    assertEquals(look(host, `${folder}/${i}`, row), expected[i], row.name);
    const isChanged = changes.some(({ path }) => path.startsWith(`${folder}/${i}/`));
    assertEquals(isChanged, !row.isNothing, row.name);
  }

  const merged = tree();
  await scene.dance().changes().ok();
  assertEquals(compareTrees(merged, tree()), []);

  await scene.rollback().ok();
  assertEquals(leftOver(before, tree()), []);
}

describeOnHost("a merged dance is what its scripts do, can be repeated, and is undone:", () => {
  for (const [name, rows] of Object.entries(TABLES)) {
    it(name, async () => {
      await using scene = await newScene();
      await danceRows(scene, "/srv/t", rows);
    });
  }

  for (const type of ["ext4", "xfs", "btrfs"] as const) {
    it(`all of these on ${type}, mounted below the root`, async () => {
      await using scene = await newScene();
      await scene.host.mountImage("/mnt/x", type);
      await danceRows(scene, "/mnt/x", Object.values(TABLES).flat());
    });
  }
});
