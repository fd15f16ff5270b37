/**
 * A ball and a tree to apply it to, both in one temporary folder.
 *
 * @module
 */
import { dirname } from "@std/path";
import { type Ball, parsePermissions, readBall } from "../../lib/ball/mod.ts";

/** A file's content and mode; a symlink is `-> target`, a directory has a name with a slash. */
export type Files = Record<string, string | { content: string; mode: number }>;

export class Fixture implements Disposable {
  readonly dir = Deno.makeTempDirSync({ prefix: "disco-render-" });
  /** The root of the tree. */
  readonly target = `${this.dir}/target`;
  /** What lies beside the tree, where nothing may come. */
  readonly outside = `${this.dir}/outside`;

  constructor(live: Files = {}) {
    Deno.mkdirSync(this.target);
    Deno.mkdirSync(this.outside);
    write(this.target, live);
  }

  /** A ball with these files (`files/etc/x`, `templates/etc/y.eta`, ...). */
  ball(files: Files, permissions = ""): Ball {
    const dir = `${this.dir}/ball`;
    if (existing(dir)) Deno.removeSync(dir, { recursive: true });
    const { rules } = parsePermissions(permissions, "web/permissions");
    return { ...readBall(write(dir, files), "web"), permissions: rules };
  }

  /** What the tree holds at a path, in the form of {@linkcode Files}, with owner if not root. */
  shows(path: string): string {
    const place = this.target + path;
    const info = Deno.lstatSync(place);
    if (info.isSymlink) return `-> ${Deno.readLinkSync(place)}`;
    const mode = (info.mode! & 0o7777).toString(8).padStart(4, "0");
    const owner = info.uid || info.gid ? ` ${info.uid}:${info.gid}` : "";
    if (info.isDirectory) return `${mode}${owner}/`;
    return `${mode}${owner} ${Deno.readTextFileSync(place)}`;
  }

  /** Run a script of bash in the tree; returns what it printed. */
  sh(script: string): string {
    const { success, stdout, stderr } = new Deno.Command("bash", {
      args: ["-euc", script],
      cwd: this.target,
    }).outputSync();
    const text = new TextDecoder();
    if (!success) throw new Error(`bash failed: ${text.decode(stderr)}`);
    return text.decode(stdout);
  }

  /** What changes when anything at all is written at a path. */
  stamp(path: string): string {
    const { ino, ctime, mtime } = Deno.lstatSync(this.target + path);
    return [ino, ctime?.getTime(), mtime?.getTime()].join();
  }

  /** Names that are left in a directory of the tree. */
  names(path: string): string[] {
    return [...Deno.readDirSync(this.target + path)].map(({ name }) => name).sort();
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.dir, { recursive: true });
  }
}

function write(root: string, files: Files): string {
  Deno.mkdirSync(root, { recursive: true });
  for (const [path, what] of Object.entries(files)) {
    const place = `${root}/${path}`;
    const { content, mode } = typeof what === "string" ? { content: what, mode: undefined } : what;
    Deno.mkdirSync(dirname(place), { recursive: true });
    if (path.endsWith("/")) Deno.mkdirSync(place, { recursive: true });
    else if (content.startsWith("-> ")) Deno.symlinkSync(content.slice(3), place);
    else Deno.writeTextFileSync(place, content);
    if (mode !== undefined) Deno.chmodSync(place, mode);
  }
  return root;
}

function existing(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}
