/**
 * Which modules may call the system with a path. All others reach files through the door; the list
 * shrinks, and grows only with a reason.
 */
import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { fromFileUrl } from "@std/path";

const LIB = fromFileUrl(new URL("../../lib/", import.meta.url));

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
  "report/": "results in DISCO's own folder, and files that a person names",
  "result": "results in DISCO's own folder",
  "state": "DISCO's own folders",
  "transport/": "the folder of what was fetched",
  "ball/": "fetched balls, and a person's own folder",
  "orphans/record.ts": "the record in DISCO's own folder",
  "merge/journal.ts": "journals in DISCO's own folder",
  "merge/generations.ts": "generations in DISCO's own folder",
  "merge/transaction.ts": "generations in DISCO's own folder",
  "merge/boot_unit.ts": "the unit in root's own /etc/systemd",
  "merge/locks.ts": "locks in root's own /var/lib and /etc",
  "dance/": "the run folder",
  "check/state.ts": "a temporary folder of its own",
  "facts/": "files of the kernel and of root's own /etc",
  "metrics/": "files of the kernel",
  "effects/load_policy.ts": "policy in DISCO's own folders",
  "rootless/": "files of the kernel",
  "find_program.ts": "programs of the host, in root's folders",
  "terminal/": "the terminal",
  "sandbox/cgroup.ts": "control groups",
  "sandbox/kill_sandbox.ts": "files of the kernel",
  "sandbox/devices.ts": "a tmpfs that nobody else can write to",
  "sandbox/service.ts": "the scratchpad's folders",
  "sandbox/chroot.ts": "the scratchpad's folders",
  "sandbox/launch.ts": "the scratchpad's folders",
  "sandbox/walls.ts": "the scratchpad's folders",
  "sandbox/seccomp.ts": "the scratchpad's folders",
  "sandbox/lay_shims.ts": "the scratchpad's folders",
  "union/": "mounts: each point of a mount is held by a descriptor",
  "merge/area.ts": "makes the folders of the staging areas",
};

/** Of these folders `dance/`, `union/` and the like only the scratchpad and the run folder are their own. */
describe("a module of lib/", () => {
  it("calls the system with a path only if the folder is DISCO's own", () => {
    const found = modules().flatMap(([name, text]) =>
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

function modules(folder = LIB): [name: string, text: string][] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    if (isDirectory) return modules(`${folder}${name}/`);
    if (!name.endsWith(".ts")) return [];
    const path = folder + name;
    return [[path.slice(LIB.length), Deno.readTextFileSync(path)] as [string, string]];
  }).sort(([a], [b]) => a < b ? -1 : 1);
}
