/**
 * A ball's scripts, checked by shellcheck where it is installed.
 *
 * @module
 */
import { follow } from "../door/mod.ts";
import { run } from "../process/run.ts";
import { printable } from "../terminal/printable.ts";
import type { Ball } from "../ball/ball.ts";
import type { Finding } from "./finding.ts";
import type { BallFolder } from "../ball/folder.ts";
import { interpreterName, isShell } from "../ball/interpreter.ts";

const TIME_LIMIT = 60_000;
const MOST_BYTES = 4 << 20;

/** Check scripts, post scripts and bash templates; those for other interpreters are skipped. */
export async function checkScripts(ball: Ball, folder: BallFolder): Promise<Finding[]> {
  const paths = [
    ...ball.scripts.map((path) => `scripts/${path}`),
    ...ball.post.map((path) => `post/${path}`),
    ...ball.templates.filter((path) => !path.endsWith(".eta")).map((path) => `templates/${path}`),
  ];
  const found: Finding[] = [];
  for (const path of paths) {
    const shell = interpreterName(contentOf(folder, path));
    if (!isShell(shell)) {
      found.push({
        level: "skipped",
        text: `${printable(path)}: is for "${printable(shell)}", not a shell that can be checked`,
      });
      continue;
    }
    try {
      found.push(...await check(ball.dir, path, shell));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      return [{ level: "skipped", text: "the scripts: shellcheck is not installed" }];
    }
  }
  return found;
}

/** What a script is, or a link in the ball leads to. */
function contentOf(folder: BallFolder, path: string): Uint8Array {
  const { path: real } = follow(folder.tree, `/${path}`, { beneath: true });
  return folder.read(real.slice(1), MOST_BYTES) ??
    folder.fail(path, `it has more than ${MOST_BYTES} bytes`);
}

async function check(dir: string, path: string, shell: string): Promise<Finding[]> {
  const argv = ["shellcheck", "--norc", "--format=gcc", `--shell=${shell}`, "--", path];
  const output = await run(argv, { cwd: dir, allow: [1], timeout: TIME_LIMIT });
  return output.split("\n").filter(Boolean).map((text) => ({
    level: / error: /.test(text) ? "error" : "warning",
    text,
  }));
}
