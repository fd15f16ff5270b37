/**
 * A state of its own for a check: what the next dance uses is left as it is.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import { lstat, removeTree } from "../posix/mod.ts";

/** A folder for what is fetched for a check; gone when it is disposed of. */
export class CheckState implements Disposable {
  /** The context of the check: the node's, with fetched things in the folder. */
  readonly context: Context;
  readonly #folder: string;

  /** @param universe What is used instead of the node's universe, if it is given. */
  constructor(context: Context, universe: string | undefined) {
    const folder = Deno.makeTempDirSync({ prefix: "disco-check-" });
    this.#folder = folder;
    const { roots } = context;
    const parameters = `${folder}/parameters`;
    this.context = {
      ...context,
      noop: false,
      server: universe ?? context.server,
      roots: { ...roots, fetched: `${folder}/fetched`, parameters, localstore: `${folder}/balls` },
    };
    Deno.mkdirSync(parameters);
    // The client's own tree is there for balls, too.
    const own = `${roots.parameters}/disco`;
    if (lstat(own)) Deno.symlinkSync(own, `${parameters}/disco`);
  }

  /** The context of a dry run that has the network. */
  get networked(): Context {
    const settings = `${this.#folder}/settings`;
    Deno.mkdirSync(`${settings}/client/noop`, { recursive: true });
    Deno.writeTextFileSync(`${settings}/client/noop/network`, "yes\n");
    return { ...this.context, settings: this.context.settings.under(settings) };
  }

  [Symbol.dispose](): void {
    removeTree(this.#folder);
  }
}
