/**
 * Which modules may call the system with a path. All others reach files through the door; the list
 * shrinks, and grows only with a reason.
 */
import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { sources } from "./sources.ts";

/** What of lib/posix takes a path. */
const BY_PATH = [
  ...["access", "chmod", "copyAttributes", "createFile", "getXattr", "lchown", "link", "listXattr"],
  ...["lstat", "mkdir", "mknod", "mount", "open", "openInherited", "openToLook", "readFile"],
  ...["readSmallFile", "readXattrs", "readdir", "readlink", "removeTree", "rename", "rmdir"],
  ...["setXattr", "stat", "symlink", "unlink", "unmount", "utimens", "writeXattrs"],
];

/** Modules that need no door, by the beginning of their path in lib/. */
const OWN: Readonly<Record<string, string>> = {
  "door/": "is the door",
  "posix/": "is below the door",
  "std/": "stands in for JSR's packages",
  "context/": "settings in DISCO's own folders",
  "params/": "parameters in DISCO's own folders",
  "plan/": "the plan in DISCO's own folder",
  "state/": "DISCO's own folders",
  "transport/": "the folder of what was fetched",
  "ball/": "fetched balls, and a person's own folder",
  "lint/": "a person's own folder",
  "merge/": "names in directories that are held: past_the_door.test.ts sees each call",
  "dance/": "the run folder",
  "due/": "logs in DISCO's own folder, and files of the kernel",
  "facts/": "files of the kernel and of root's own /etc",
  "init/": "marks in /run that the init system itself makes",
  "metrics/": "files of the kernel",
  "rootless/": "files of the kernel",
  "process/find_program.ts": "programs of the host, in root's folders",
  "terminal/": "the terminal",
  "union/": "mounts: each point of a mount is held by a descriptor",
  "sandbox/": "the scratchpad's folders, and the kernel's: past_the_door.test.ts sees each call",
  "on_change/": "lines in DISCO's own folders",
  "effects/": "records in the scratchpad, policy in DISCO's own folders",
  "check/": "a temporary folder of its own, and the ball that a person names",
  "changes/touched.ts": "layers of the scratchpad: past_the_door.test.ts sees each call",
  "orphans/remove.ts": "names in directories that are held",
  "render/expect.ts": "a mark in DISCO's own folder",
  "walled/": "programs of the host and the program's own folders",
  "program/built.ts": "DISCO's own program",
  "program/own_code.ts": "DISCO's own program",
  "files/look.ts": "DISCO's own folders",
  "files/list_files.ts": "lists in DISCO's own folders",
  "files/replace.ts": "names in a folder that is held",
  "process/kill_group.ts": "files of the kernel",
  "program/kept_runtime.ts": "its copy, in DISCO's own folder",
  "render/evaluator.ts": "DISCO's own program",
};

describe("a module of lib/", () => {
  it("calls the system with a path only if the folder is DISCO's own", () => {
    const found = sources().flatMap(([name, text]) =>
      isOwn(name) ? [] : pathCalls(text).map((call) => `${name}: ${call}`)
    );
    assertEquals(found, []);
  });

  it("is noticed if it does: a control", () => {
    const text = 'import { fstat, lstat } from "../posix/mod.ts";\nDeno.removeSync(path);\n';
    assertEquals(pathCalls(text), ["lstat", "Deno.removeSync"]);
    assert(!isOwn("render/write.ts"));
  });
});

/** Functions of the runtime that take a path. */
const RUNTIME =
  /\bDeno\.(l?stat|read(Dir|File|TextFile|Link)|realPath|write(File|TextFile)|open|create|remove|mkdir|rename|chmod|chown|utime|symlink|link|truncate|copyFile|chdir)(Sync)?\(/g;

function pathCalls(text: string): string[] {
  const imports = [...text.matchAll(/import \{([^}]*)\} from "[^"]*posix\/[^"]*";/g)];
  const names = imports.flatMap(([, list]) => list!.split(",").map((name) => name.trim()));
  const calls = [...text.matchAll(RUNTIME)].map(([call]) => call.slice(0, -1));
  return [...names.filter((name) => BY_PATH.includes(name)), ...new Set(calls)];
}

function isOwn(name: string): boolean {
  return Object.keys(OWN).some((start) => name.startsWith(start));
}
