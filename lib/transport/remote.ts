/**
 * The server: what differs from what is here, and what is fetched.
 *
 * Where the protocol allows, all items of a kind come in one call: several paths on one host are
 * several arguments. The original's layout has a module for each ball, and a daemon serves one
 * module a connection, so there a ball is a call, a few at a time. The names are plain arguments,
 * never `--files-from`, so that a forced command on the server can see what is asked for.
 *
 * @module
 */
import { join } from "@std/path";
import { DiscoError } from "../error/mod.ts";
import { printable } from "../terminal/printable.ts";
import { addressOf, type Kind, KINDS, type Layout } from "./address.ts";
import { isThere } from "../files/look.ts";
import { fail, MissingError, notStarted } from "./failure.ts";
import { Incoming } from "./incoming.ts";
import { pathOf } from "./program.ts";
import { callRsync, HERE, newName, type Rsync, type RsyncResult } from "./rsync.ts";
import { sameHere } from "./same_here.ts";
import type { Server } from "./server.ts";
import type { Shell } from "./shell.ts";
import { type Asked, checkShellWords } from "./shell_words.ts";
import { sourceOf, UNIVERSE } from "./source.ts";

/** Where the items of each kind are on this machine: one folder an item. */
export type Places = Readonly<Record<Kind, string>>;

// rsync itself stops at 1000 arguments.
const MOST_ARGUMENTS = 400;
const AT_A_TIME = 4;
// Below this a second process costs more than it saves.
const WORTH_A_PROCESS = 20;

/** A configured server. */
export class Remote {
  constructor(
    /** As it was given, for messages. */
    readonly name: string,
    readonly server: Server,
    readonly layout: Layout,
    readonly rsync: Rsync,
    /** Compare contents: what is here came from somewhere else. */
    readonly suspicious: boolean,
  ) {}

  /**
   * Those of the items, all of which are in `here`, that are the same on the server; an item that
   * the server does not have is not. Reads only.
   *
   * Only an item from elsewhere is looked through for files that the server does not have: adding
   * and removing change the time of a folder, which is compared.
   */
  async same(kind: Kind, names: readonly string[], here: Places): Promise<Set<string>> {
    const known = this.#sameHere(kind, names, here);
    if (known) return known;
    const options = this.suspicious ? ["--checksum", "--delete"] : [];
    const same = await this.#each(kind, names, async (batch): Promise<string[]> => {
      let asked = batch;
      for (;;) {
        if (asked.length === 0) return [];
        try {
          const result = await this.#call(kind, asked, here, options);
          // Something that cannot come over: let the fetch say so.
          if (result.skipped !== undefined) return [];
          if (this.#alone(kind)) return result.differsAtAll ? [] : [...asked];
          return asked.filter((name) => !result.differs.has(name));
        } catch (error) {
          if (!(error instanceof MissingError)) throw error;
          asked = asked.filter((name) => !error.names.includes(name));
        }
      }
    });
    return new Set(same.flat());
  }

  /** The same for a universe on this machine, without a program; undefined where rsync has to look. */
  #sameHere(kind: Kind, names: readonly string[], here: Places): Set<string> | undefined {
    if (names.length === 0) return new Set();
    if (this.suspicious || this.server.kind !== "path") return undefined;
    const [folder] = sourceOf(this.server, kind)?.mounts ?? [];
    if (!folder) return new Set();
    const { limits: { files }, timeLeft } = this.rsync.budget;
    return sameHere(folder.from, here[kind], names, { files, timeLeft });
  }

  /**
   * Fetch items into `to`, where they are not yet; files that are the same in `here` are copied from
   * there and cost no transfer. Returns the bytes received. Throws {@linkcode MissingError}.
   */
  async fetch(kind: Kind, names: readonly string[], here: Places, to: Places): Promise<number> {
    const checksum = this.suspicious ? ["--checksum"] : [];
    this.rsync.gauge?.expect(this.#batches(kind, names).length);
    const bytes = await this.#each(kind, names, async (batch) => {
      using incoming = new Incoming(newName(this.rsync.work), this.rsync.budget);
      const options = [...checksum, `--copy-dest=${HERE}`];
      const result = await this.#call(kind, batch, here, options, incoming);
      const { skipped } = result;
      if (skipped !== undefined) {
        const name = batch.length > 1 ? skipped.replace(/\/.*/s, "") : batch[0]!;
        throw new DiscoError(
          `Cannot fetch ${describe(kind, [name])} from "${printable(this.name)}": ` +
            `"${printable(skipped)}" is neither file, folder nor symlink`,
          { hint: "remove it on the server" },
        );
      }
      incoming.take(batch, to[kind], this.name);
      return result.bytes;
    });
    return bytes.reduce((sum, n) => sum + n, 0);
  }

  /**
   * Fetch items of all kinds in one call; returns the bytes received. Undefined where that cannot be
   * done, or is not well done: not many, in a universe on this machine. Then nothing was fetched.
   */
  async fetchTogether(
    wanted: Readonly<Record<Kind, readonly string[]>>,
    here: Places,
    to: Places,
  ): Promise<number | undefined> {
    const { server, rsync } = this;
    const names = KINDS.flatMap((kind) => wanted[kind].map((name) => ({ kind, name })));
    if (server.kind !== "path" || names.length > WORTH_A_PROCESS) return undefined;
    const kinds = KINDS.filter((kind) => wanted[kind].length > 0);
    const found = kinds.map((kind) => sourceOf(server, kind));
    if (found.includes(undefined) || pathOf(rsync.program) === undefined) return undefined;
    using incoming = new Incoming(newName(rsync.work), rsync.budget);
    const checksum = this.suspicious ? ["--checksum"] : [];
    const result = await callRsync(rsync, {
      // What stands behind the dot is kept of the path.
      sources: names.map(({ kind, name }) => `${UNIVERSE}/./${kind}/${name}`),
      options: [...checksum, "--relative", `--copy-dest=${HERE}`],
      here: kinds.map((kind) => ({ from: here[kind], to: `${HERE}/${kind}` })),
      incoming,
      below: "",
      mounts: found.flatMap((source) => source!.mounts),
      network: false,
      names: [],
    });
    const { code, signal, ended, skipped } = result;
    if (code !== 0 || signal !== null || ended || skipped !== undefined) return undefined;
    incoming.takeEach(wanted, to, this.name);
    return result.bytes;
  }

  async #call(
    kind: Kind,
    names: readonly string[],
    here: Places,
    options: readonly string[],
    incoming?: Incoming,
  ): Promise<RsyncResult> {
    const alone = this.#alone(kind) ? "/" : "";
    const { server, layout, rsync } = this;
    const folder = alone ? join(here[kind], names[0]!) : here[kind];
    const source = sourceOf(server, kind);
    if (!source) throw new MissingError(names);
    const at = source.server;
    let result;
    try {
      result = await callRsync(rsync, {
        sources: names.map((name) => addressOf(at, layout, kind, name) + alone),
        options,
        here: [{ from: !incoming || isThere(folder) ? folder : here[kind], to: HERE }],
        ...(incoming ? { incoming } : {}),
        below: alone && incoming ? `${names[0]}/` : "",
        mounts: source.mounts,
        network: server.kind === "daemon" && !rsync.shell,
        ...this.#shell(kind, names),
        names,
      });
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      throw notStarted(rsync.program.words[0]!);
    }
    if (result.code !== 0 || result.signal !== null || result.ended) {
      fail(describe(kind, names), kind, this.name, names, rsync, result, alone !== "");
    }
    return result;
  }

  /** The remote shell, and what rsync may ask of it. */
  #shell(kind: Kind, names: readonly string[]): { shell?: Shell } {
    const { server, layout, rsync } = this;
    if (server.kind === "path" || !rsync.shell) return {};
    const { shell: words, program: { remote: program } } = rsync;
    const paths = server.kind === "daemon"
      ? "daemon" as const
      : names.map((name) => addressOf(server, layout, kind, name).slice(server.host.length + 1));
    const asked: Asked = { host: server.host, shell: words, program, paths };
    return { shell: { words, check: (given) => checkShellWords(asked, given) } };
  }

  /** Whether an item of the kind is an rsync module of its own. */
  #alone(kind: Kind): boolean {
    return this.layout === "modules" && kind === "balls";
  }

  /** Do something for all items, in as few batches as possible; the first failure is thrown. */
  async #each<T>(
    kind: Kind,
    names: readonly string[],
    batch: (names: readonly string[]) => Promise<T>,
  ): Promise<T[]> {
    const batches = this.#batches(kind, names);
    const results: T[] = [];
    const failures: unknown[] = [];
    const worker = async () => {
      for (let next; failures.length === 0 && (next = batches.shift());) {
        try {
          results.push(await batch(next));
        } catch (error) {
          failures.push(error);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, worker));
    if (failures.length) throw failures[0];
    return results;
  }

  #batches(kind: Kind, names: readonly string[]): string[][] {
    const size = this.#alone(kind) ? 1 : this.#batchSize(names.length);
    return Array.from(
      { length: Math.ceil(names.length / size) },
      (_, i) => names.slice(i * size, (i + 1) * size),
    );
  }

  /** A network server sees one connection; on a disk, two processes are twice as fast. */
  #batchSize(count: number): number {
    const parts = this.server.kind === "path" && count >= WORTH_A_PROCESS ? 2 : 1;
    return Math.min(MOST_ARGUMENTS, Math.max(1, Math.ceil(count / parts)));
  }
}

/** The items, for a message. */
export function describe(kind: Kind, names: readonly string[]): string {
  const [one, many] = {
    parameters: ["the parameters of node", "the parameters of nodes"],
    groups: ["group", "groups"],
    balls: ["ball", "balls"],
  }[kind] as [string, string];
  const quoted = names.slice(0, 3).map((name) => `"${name}"`);
  if (names.length > 3) quoted.push(`and ${names.length - 3} more`);
  return `${names.length === 1 ? one : many} ${quoted.join(", ")}`;
}
