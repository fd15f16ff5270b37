import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { DiscoError } from "../../lib/error/mod.ts";
import { lstat } from "../../lib/posix/mod.ts";
import { applyPermissions, deliverFiles } from "../../lib/render/mod.ts";
import { Fixture } from "./fixture.ts";

const ROUNDS = 300;
/** The plain way is hit long before; a machine that is busy needs more than a quiet one. */
const MOST_ROUNDS = 100_000;

/** Lets two names of a user's directory change places as fast as can be, until it is disposed. */
class Racer implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
  }

  static async begin(dir: string, one: string, other: string): Promise<Racer> {
    const posix = import.meta.resolve("../../lib/posix/mod.ts");
    const config = new URL(import.meta.resolve("../../deno.json")).pathname;
    const script = `
      import { rename } from ${JSON.stringify(posix)};
      const [one, other] = ${JSON.stringify([`${dir}/${one}`, `${dir}/${other}`])};
      rename(one, other, "exchange");
      console.log("racing");
      for (;;) rename(one, other, "exchange");`;
    const source = `${dir}/../racer.ts`;
    Deno.writeTextFileSync(source, script);
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", "-c", config, source],
      stdout: "piped",
    }).spawn();
    const reader = child.stdout.getReader();
    await reader.read();
    reader.releaseLock();
    return new Racer(child);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.stdout.cancel();
    await this.#child.status;
  }
}

/** A user's home in which `x` and `y` change places; `victim` is root's. */
function home(make: string): Fixture {
  const tree = new Fixture();
  tree.sh(`mkdir -p root home/alice; echo keys >root/victim; chmod 600 root/victim
    cd home/alice; ${make}; chown -hR 1000:1000 .; chown 0:0 ../../root/victim`);
  return tree;
}

/**
 * Do something again and again, until it has both succeeded and been refused; a refusal is fine. On a
 * busy machine the racer does nothing for a while. Returns how often it succeeded and was refused.
 */
function rounds(action: (round: number) => void): { done: number; refused: number } {
  const met = { done: 0, refused: 0 };
  const isMet = () => met.done > 0 && met.refused > 0;
  for (let round = 0; round < ROUNDS || (!isMet() && round < MOST_ROUNDS); round++) {
    try {
      action(round);
      met.done++;
    } catch (error) {
      if (!(error instanceof DiscoError)) throw error;
      met.refused++;
    }
  }
  return met;
}

function isHit(tree: Fixture): boolean {
  return tree.shows("/root/victim") !== "0600 keys\n";
}

/** Do it the plain way until the victim is hit. */
function untilHit(tree: Fixture, action: () => void): boolean {
  for (let round = 0; round < MOST_ROUNDS && !isHit(tree); round++) {
    try {
      action();
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return isHit(tree);
}

describe("a user who swaps names while DISCO works", () => {
  const DIRECTORY = "mkdir x; echo old >x/victim; ln -s ../../root y";
  const DELIVERED = "home/alice/x/victim";

  it("should not have a file written through a link in the place of a directory", async () => {
    using tree = home(DIRECTORY);
    await using _racer = await Racer.begin(`${tree.target}/home/alice`, "x", "y");
    const ball = tree.ball({ [`files/${DELIVERED}`]: "" }, `0640 1000 1000 /${DELIVERED}`);
    const met = rounds((round) => {
      Deno.writeTextFileSync(`${ball.dir}/files/${DELIVERED}`, `${round}\n`);
      deliverFiles(ball, tree.target);
    });
    assertEquals(tree.shows("/root/victim"), "0600 keys\n");
    assert(met.done > 0 && met.refused > 0, JSON.stringify(met));
  });

  it("should have it written there by the plain way (control)", async () => {
    using tree = home(DIRECTORY);
    await using _racer = await Racer.begin(`${tree.target}/home/alice`, "x", "y");
    const isWritten = untilHit(tree, () => {
      if (lstat(`${tree.target}/home/alice/x`)?.type !== "directory") return;
      Deno.writeTextFileSync(`${tree.target}/${DELIVERED}`, "new\n");
    });
    assert(isWritten);
  });

  const FILE = "touch x; ln -s ../../root/victim y";
  const RULES = ["0640 - - /home/alice/x", "0644 - - /home/alice/x"];

  it("should not have a mode set through a link in the place of a file", async () => {
    using tree = home(FILE);
    await using _racer = await Racer.begin(`${tree.target}/home/alice`, "x", "y");
    const balls = RULES.map((rules) => tree.ball({}, rules));
    const met = rounds((round) => applyPermissions(balls[round % 2]!, tree.target));
    assertEquals(tree.shows("/root/victim"), "0600 keys\n");
    assert(met.done > 0, JSON.stringify(met));
  });

  it("should not have a mode set on a hard link in the place of a file", async () => {
    using tree = home("touch x; ln ../../root/victim y");
    await using _racer = await Racer.begin(`${tree.target}/home/alice`, "x", "y");
    const balls = RULES.map((rules) => tree.ball({}, rules));
    const met = rounds((round) => applyPermissions(balls[round % 2]!, tree.target));
    assertEquals(tree.shows("/root/victim"), "0600 keys\n");
    assert(met.refused > 0, JSON.stringify(met));
  });

  it("should have it set there by the plain way (control)", async () => {
    using tree = home(FILE);
    await using _racer = await Racer.begin(`${tree.target}/home/alice`, "x", "y");
    const path = `${tree.target}/home/alice/x`;
    const isSet = untilHit(tree, () => {
      if (lstat(path)?.type === "file") Deno.chmodSync(path, 0o640);
    });
    assert(isSet);
  });
});
