/**
 * What is run on a throw-away host, and what must come of it, said in one sentence:
 * `await scene.dance().changes("+ /etc/x").ok()`.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { ThrowawayHost } from "./host.ts";
import type { Outcome, Running } from "./process.ts";
import { assertNothingLeft, assertUnchanged, type State, stateOf } from "./unchanged.ts";

/** A part of what is printed, or what it must match. */
export type Word = string | RegExp;

/** Where something is run, and how. */
export interface Stage<T extends Outcome> {
  readonly host: ThrowawayHost;
  /** What is run, for messages. */
  readonly name: string;
  /** Paths that may change although nothing does: DISCO's own. */
  readonly own: readonly string[];
  start(): Running;
  /** Make of the outcome what the test gets. */
  understand(outcome: Outcome): T;
}

/**
 * A program that is run once it is awaited, and resolves to how it ended. Every word but `meanwhile`
 * asserts something of the end, and throws an `AssertionError` with what was printed if it is not so.
 */
export class Act<T extends Outcome = Outcome> implements PromiseLike<T> {
  readonly #stage: Stage<T>;
  readonly #before: (() => void)[] = [];
  readonly #after: ((told: T) => void | Promise<void>)[] = [];
  #during: ((running: Running) => Promise<void>) | undefined;
  #played: Promise<T> | undefined;

  constructor(stage: Stage<T>) {
    this.#stage = stage;
  }

  /** What is run. */
  get name(): string {
    return this.#stage.name;
  }

  /** Whether it was awaited; what was not has never been run. */
  get isPlayed(): boolean {
    return this.#played !== undefined;
  }

  /**
   * Once it has printed this, do something; it fails if it ends without. What scripts print is
   * printed by a dance for people only.
   */
  meanwhile(printed: RegExp, disturb: (running: Running) => unknown): this {
    if (this.isPlayed || this.#during) throw new TypeError(`Cannot disturb "${this.name}" again`);
    this.#during = async (running) => {
      await running.printed(printed);
      await disturb(running);
    };
    return this;
  }

  /** It ends with this exit code. */
  exits(code: number): this {
    return this.expect(({ code: is, signal }) => assertEquals([is, signal], [code, null]));
  }

  /** It ends well. */
  ok(): this {
    return this.exits(0);
  }

  /** It ends with exit code 1, and warns of this. */
  fails(...words: readonly Word[]): this {
    return this.exits(1).warns(...words);
  }

  /** Each word is on standard output. */
  says(word: Word, ...words: readonly Word[]): this {
    return this.expect(({ stdout }) => assertWords("standard output", stdout, [word, ...words]));
  }

  /** Each word is on standard error. */
  warns(...words: readonly Word[]): this {
    return this.expect(({ stderr }) => assertWords("standard error", stderr, words));
  }

  /** Each word is printed, wherever. */
  prints(word: Word, ...words: readonly Word[]): this {
    return this.expect(({ stdout, stderr }) =>
      assertWords("its output", stdout + stderr, [word, ...words])
    );
  }

  /** No such word is printed. */
  omits(word: Word, ...words: readonly Word[]): this {
    return this.expect(({ stdout, stderr }) => {
      const found = [word, ...words].filter((part) => has(stdout, part) || has(stderr, part));
      assertEquals(found, [], "printed, and must not be");
    });
  }

  /** Afterwards these files of the host have this text; null where nothing is. */
  leaves(files: Readonly<Record<string, string | null>>): this {
    const { host } = this.#stage;
    return this.expect(() => {
      const paths = Object.keys(files);
      const texts = paths.map((path) => [path, host.exists(path) ? host.read(path) : null]);
      assertEquals(Object.fromEntries(texts), files);
    });
  }

  /** Afterwards the host is as it was before: its files, mounts and processes. */
  untouched(own: readonly string[] = this.#stage.own): this {
    return this.compare(own, assertUnchanged);
  }

  /** Afterwards no mount, process or folder of a dance is left; its changes may be. */
  leavesNothing(): this {
    return this.compare(this.#stage.own, assertNothingLeft);
  }

  /** Run it, once. */
  then<A = T, B = never>(
    resolved?: ((told: T) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): PromiseLike<A | B> {
    return (this.#played ??= this.#play()).then(resolved, rejected);
  }

  /** Something must be so in the end. */
  protected expect(check: (told: T) => void | Promise<void>): this {
    if (this.isPlayed) throw new TypeError(`Cannot expect more of "${this.name}": it was run`);
    this.#after.push(check);
    return this;
  }

  private compare(
    own: readonly string[],
    check: (host: ThrowawayHost, before: State) => Promise<void>,
  ): this {
    const { host } = this.#stage;
    let before: State | undefined;
    this.#before.push(() => before = stateOf(host, own));
    return this.expect(() => check(host, before!));
  }

  async #play(): Promise<T> {
    for (const look of this.#before) look();
    const running = this.#stage.start();
    await this.#during?.(running);
    const told = this.#stage.understand(await running.outcome);
    // What it was cut off from may need a moment more to be gone.
    if (this.#during) await this.#stage.host.settled();
    for (const check of this.#after) {
      try {
        await check(told);
      } catch (error) {
        if (error instanceof Error && error.name === "AssertionError") {
          const { code, signal, stdout, stderr } = told;
          const ended = `"${this.name}" ended with ${signal ?? code}`;
          error.message += `\n${ended}:\n${stdout}${stderr}`;
        }
        throw error;
      }
    }
    return told;
  }
}

/** Whether a text has a word. */
export function has(text: string, word: Word): boolean {
  return typeof word === "string" ? text.includes(word) : word.test(text);
}

function assertWords(where: string, text: string, words: readonly Word[]): void {
  for (const word of words) {
    const shown = typeof word === "string" ? JSON.stringify(word) : String(word);
    assert(has(text, word), `${shown} is not on ${where}`);
  }
}
