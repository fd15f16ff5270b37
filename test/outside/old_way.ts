/**
 * The work of DISCO's own hands as it would be by plain paths, over and over; runs in a throw-away
 * host, until it was led astray: `old_way.ts VERB`. A control of the races.
 *
 * @module
 */
import {
  chmod,
  createFile,
  lchown,
  lstat,
  mkdir,
  readdir,
  readFile,
  removeTree,
} from "../../lib/posix/mod.ts";
import { SECRET } from "./scene.ts";

const HOME = "/home/alice";
let n = 0;

/** One try each. */
const VERBS: Record<string, () => void> = {
  stage() {
    if (!lstat(`${HOME}/.disco`)) mkdir(`${HOME}/.disco`, 0o700);
    removeTree(`${HOME}/.disco/below`);
  },
  attributes() {
    for (const { name } of readdir(`${HOME}/d`)) {
      const path = `${HOME}/d/${name}`;
      if (lstat(path)?.type !== "file") continue;
      lchown(path, 1000, 1000);
      chmod(path, 0o666);
    }
  },
  deliver: () => createFile(`${HOME}/d/new-${n++}`, new Uint8Array()),
  remove() {
    if (lstat(`${HOME}/d`)?.type === "directory") removeTree(`${HOME}/d/below`);
  },
  read() {
    const text = new TextDecoder().decode(readFile(`${HOME}/d/secret`));
    if (text.includes(SECRET)) Deno.writeTextFileSync("/run/test/read", text);
  },
};

for (const end = Date.now() + 1000; Date.now() < end;) {
  try {
    VERBS[Deno.args[0]!]!();
  } catch {
    // It met the other name.
  }
}
