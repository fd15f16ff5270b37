/**
 * A folder for one test.
 *
 * @module
 */
import { removeTree } from "../../lib/posix/mod.ts";

/** A temporary folder that is gone, whatever names are in it, when the test ends. */
export class Folder implements Disposable {
  /** Its path. */
  readonly path: string;

  /** @param dir Where it is made, such as `/dev/shm` for much of it; else where temporary files are. */
  constructor(dir?: string) {
    this.path = Deno.makeTempDirSync({ prefix: "disco-test-", ...(dir ? { dir } : {}) });
  }

  /** A path in it. */
  at(name: string): string {
    return `${this.path}/${name}`;
  }

  /** Run a program there; returns what it printed. */
  run(program: string, ...args: string[]): string {
    const { success, stdout, stderr } = new Deno.Command(program, { args, cwd: this.path })
      .outputSync();
    const text = new TextDecoder();
    if (!success) throw new Error(`${program} failed: ${text.decode(stderr)}`);
    return text.decode(stdout);
  }

  /** Run a script of bash there. */
  sh(script: string): string {
    return this.run("bash", "-euc", script);
  }

  [Symbol.dispose](): void {
    removeTree(this.path);
  }
}
