/**
 * The least that can be done with what DISCO is made of: floor.ts UNIVERSE NODE ROOT [dry] starts Deno,
 * one rsync and one perl (as limit.sh does), and each script in namespaces of its own by bubblewrap, on
 * ROOT. No parameters are merged, nothing is ordered, compared, recorded or merged, and of the walls
 * only the namespaces are there.
 *
 * @module
 */
const [universe = "", node = "", root = "/", ...dry] = Deno.args;
const limit = new URL("limit.pl", import.meta.url).pathname;

/** Run a program to its end, which must be a success. */
function run(program: string, ...args: string[]): void {
  const { success } = new Deno.Command(program, { args, stdout: "null" }).outputSync();
  if (!success) throw new Error(`${program} has failed`);
}

function folders(path: string, inner: string): string[] {
  return [...Deno.readDirSync(path)].map(({ name }) => `${path}/${name}/${inner}`).sort();
}

const balls = `${universe}/balls`;
const options = dry.length > 0 ? ["--dry-run", "--itemize-changes"] : [];
run("rsync", "-a", ...options, ...folders(balls, "files/"), "/");
run("perl", limit, universe, node, ...dry);
const walls = ["pid", "ipc", "uts", "cgroup"].map((name) => `--unshare-${name}`);
for (const folder of folders(balls, "scripts")) {
  for (const { name } of Deno.readDirSync(folder)) {
    const words = ["--dev-bind", root, "/", ...walls, "--proc", "/proc", "--dev", "/dev"];
    run("bwrap", ...words, "bash", `${folder}/${name}`);
  }
}
