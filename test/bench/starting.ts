/**
 * The program that runs in the throw-away host: `starting.ts RUNS` starts a script that does nothing,
 * with and without the sandbox, and prints how many milliseconds each took, and of processor time.
 *
 * @module
 */
import { launch } from "../../lib/sandbox/launch.ts";
import { supervise } from "../../lib/process/supervise.ts";
import { ENVIRONMENT, inUnion } from "../escape/sandbox.ts";

const SCRIPT = "scripts/1";
const BALL = "/run/ball";

/** Wall time of one start, and the processor time of all that it started, in milliseconds. */
interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

async function timed(run: () => Promise<{ code: number }>): Promise<Cost> {
  const [start, before] = [performance.now(), spentByChildren()];
  const { code } = await run();
  if (code !== 0) throw new Error(`Cannot measure: the script ended with ${code}`);
  return { wall: performance.now() - start, cpu: spentByChildren() - before };
}

/** `cutime` and `cstime` of proc_pid_stat(5), which count hundredths of a second. */
function spentByChildren(): number {
  const fields = Deno.readTextFileSync("/proc/self/stat").replace(/^.*\) /s, "").split(" ");
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

const runs = Number(Deno.args[0]);
const options = { env: ENVIRONMENT, timeout: 60_000, onLine: console.error };
const figures = await inUnion(BALL, async (sandbox) => {
  const plain = () => supervise(["bash", `${BALL}/${SCRIPT}`], options);
  const walled = () => launch(sandbox, ["bash", `/run/disco/ball/${SCRIPT}`], options);
  // The first one writes the shims.
  await walled();
  const found = { plain: [] as Cost[], walled: [] as Cost[] };
  for (let run = 0; run < runs; run++) {
    found.plain.push(await timed(plain));
    found.walled.push(await timed(walled));
  }
  return found;
});
console.log(JSON.stringify(figures));
