/**
 * The words of tests: a throw-away host with a universe, on which a test reads as a sentence.
 *
 * ```ts
 * await using scene = await newScene();
 * scene.live({ "/etc/x": "old\n" }).ball("web", { "files/etc/x": "new\n" });
 * await scene.dryRun().changes("~ /etc/x").untouched().ok();
 * await scene.dance().changes("~ /etc/x").leaves({ "/etc/x": "new\n" }).ok();
 * ```
 *
 * @module
 */
import type { CheckResult } from "../../lib/check/mod.ts";
import type { Result } from "../../mod.ts";
import { Act } from "./act.ts";
import { Check, Dance, documentOf } from "./dances.ts";
import { type HostOptions, type ThrowawayHost, throwawayHost } from "./host.ts";
import type { Outcome, Running } from "./process.ts";

/** The files of a ball, by their path in it; those in `scripts/` and `post/` are bash without `#!`. */
export type BallFiles = Readonly<Record<string, string>>;

/** Where a scene has its universe: in no tree of the host, and the sandbox has its own `/run`. */
export const GIVEN = "/run/universe";

/** The options for the universe of a scene. */
export const FROM_GIVEN: readonly string[] = ["--server", GIVEN, "--node", "n"];

/** In front of a command that user 1000 runs. */
export const AS_USER: readonly string[] = [
  "setpriv",
  "--reuid=1000",
  "--regid=1000",
  "--clear-groups",
];

/** How a scene runs DISCO, where it is not as root and from its own universe. */
export interface SceneOptions {
  /** The universe and the node: {@linkcode FROM_GIVEN} unless told. */
  readonly from?: readonly string[];
  /** Paths that are DISCO's own; `/var/disco` unless told. */
  readonly own?: readonly string[];
  /** Start `disco ...args`. */
  readonly start?: (args: readonly string[]) => Running;
}

/** A host that DISCO knows nothing of yet: `await using scene = await newScene()`. */
export async function newScene(options: HostOptions = {}): Promise<Scene> {
  const host = await throwawayHost(options);
  host.mkdir("/var/disco");
  return new Scene(host);
}

/** What a scene remembers of an act. */
interface Played {
  readonly name: string;
  readonly isPlayed: boolean;
}

/** A host, the universe of its node "n", and what is run there. */
export class Scene implements AsyncDisposable {
  readonly host: ThrowawayHost;
  readonly #from: readonly string[];
  readonly #own: readonly string[];
  readonly #start: (args: readonly string[]) => Running;
  readonly #acts: Played[];
  /** The ball that was given last, for messages. */
  #given = "";

  /** A scene on a host that is there already; whoever disposes of the scene ends the host. */
  constructor(host: ThrowawayHost, options: SceneOptions = {}, acts: Played[] = []) {
    const start = (args: readonly string[]) =>
      host.spawn(host.discoArgv(...args), { timeout: 600_000 });
    const { from = FROM_GIVEN, own = ["/var/disco"] } = options;
    this.host = host;
    this.#from = from;
    this.#own = own;
    this.#start = options.start ?? start;
    this.#acts = acts;
  }

  /** The same host, with these options in the place of those for its universe and node. */
  from(...options: readonly string[]): Scene {
    return this.with({ from: options });
  }

  /** The same host and universe, with DISCO run otherwise. */
  with({ from = this.#from, own = this.#own, start = this.#start }: SceneOptions): Scene {
    return new Scene(this.host, { from, own, start }, this.#acts);
  }

  /** Give the node this ball, in the place of one of its name; a text is its only script. */
  ball(name: string, content: BallFiles | string): this {
    const files = typeof content === "string" ? { "scripts/do": content } : content;
    const folder = `${GIVEN}/balls/${name}`;
    this.#given = ` with ball "${name}" of ${JSON.stringify(content).slice(0, 400)}`;
    this.host.remove(folder);
    this.host.write(`${GIVEN}/parameters/n/modules/${name}`, "");
    this.host.mkdir(folder);
    for (const [path, text] of Object.entries(files)) this.host.write(`${folder}/${path}`, text);
    return this;
  }

  /** Give the node these balls, and no others: a new universe. */
  balls(balls: Readonly<Record<string, BallFiles | string>>): this {
    this.host.remove(GIVEN);
    for (const [name, content] of Object.entries(balls)) this.ball(name, content);
    return this;
  }

  /** Give the node parameters, by their path. */
  parameters(values: Readonly<Record<string, string>>): this {
    return this.#write(values, `${GIVEN}/parameters/n/`);
  }

  /** Files that the host has; nothing is there afterwards where null is given. */
  live(files: Readonly<Record<string, string | null>>): this {
    return this.#write(files, "");
  }

  /** Settings of DISCO on the host, such as `timeout`. */
  settings(values: Readonly<Record<string, string>>): this {
    return this.#write(values, "/etc/disco/client/");
  }

  /** Run bash on the host, which must succeed; resolves to what it printed. */
  sh(script: string): Promise<string> {
    return this.host.run(["bash", "-euc", script]);
  }

  /** Run a line of bash again and again, a moment apart, beside something else. */
  async beside<T>(
    line: string,
    use: () => PromiseLike<T>,
    as: readonly string[] = [],
  ): Promise<T> {
    const busy = this.host.spawn([...as, "bash", "-c", `while :; do ${line}; sleep 0.01; done`]);
    await busy.pid();
    try {
      return await use();
    } finally {
      await busy.kill("SIGKILL");
      await busy.outcome;
    }
  }

  /** Dance, with `--json`. */
  dance(...options: readonly string[]): Dance {
    const args = ["dance", "--json", ...this.#from, ...options];
    return this.#noted(new Dance(this.#stage(args, documentOf<Result>)));
  }

  /** Dance dry, with `--json`. */
  dryRun(...options: readonly string[]): Dance {
    return this.dance("--noop", ...options);
  }

  /** Dance, and print it for people. */
  danceInWords(...options: readonly string[]): Act {
    return this.disco("dance", ...this.#from, ...options);
  }

  /** Check a ball, with `--json`. */
  check(ball: string, ...options: readonly string[]): Check {
    const args = ["check", ball, "--json", ...this.#from, ...options];
    return this.#noted(new Check(this.#stage(args, documentOf<CheckResult>)));
  }

  /** Check a ball, and print it for people. */
  checkInWords(ball: string, ...options: readonly string[]): Act {
    return this.disco("check", ball, ...this.#from, ...options);
  }

  /** Undo a generation, the last one unless told. */
  rollback(...options: readonly string[]): Act {
    return this.disco("rollback", ...options);
  }

  /** Run `disco ...args`. */
  disco(...args: readonly string[]): Act {
    return this.#noted(new Act(this.#stage(args, (outcome) => outcome)));
  }

  /** Run a program of the host. */
  program(...argv: readonly string[]): Act {
    const { host } = this;
    const start = () => host.spawn(argv);
    const understand = (outcome: Outcome) => outcome;
    return this.#noted(new Act({ host, name: argv.join(" "), own: this.#own, start, understand }));
  }

  /** End the host. An act that was never awaited has asserted nothing: that is an error. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.host[Symbol.asyncDispose]();
    const idle = this.#acts.find(({ isPlayed }) => !isPlayed);
    if (idle) throw new TypeError(`"${idle.name}" was not awaited: it has never been run`);
  }

  #stage<T extends Outcome>(args: readonly string[], understand: (outcome: Outcome) => T) {
    const name = `disco ${args.join(" ")}${this.#given}`;
    return { host: this.host, name, own: this.#own, start: () => this.#start(args), understand };
  }

  #noted<A extends Played>(act: A): A {
    this.#acts.push(act);
    return act;
  }

  #write(files: Readonly<Record<string, string | null>>, before: string): this {
    for (const [path, text] of Object.entries(files)) {
      if (text === null) this.host.remove(before + path);
      else this.host.write(before + path, text);
    }
    return this;
  }
}
