import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { stepBetween, withoutStep, withStep } from "../../lib/due/mod.ts";
import type { Delivered, DeliveredBall, DeliveredRecord } from "../../lib/state/mod.ts";

function look(version: number): Delivered {
  return { ino: `${version}`, size: 1, mtime: "0", mode: 0o644, uid: 0, gid: 0 };
}

function ball(paths: Record<string, number>, folders?: readonly string[]): DeliveredBall {
  const entries = Object.entries(paths).map(([path, version]) => [path, look(version)]);
  return { purge: [], paths: Object.fromEntries(entries), ...folders ? { folders } : {} };
}

const BEFORE: DeliveredRecord = {
  stays: ball({ "/etc/stays": 1 }),
  changes: ball({ "/etc/a": 1, "/etc/b": 1, "/etc/c": 1 }, ["/etc/old"]),
  goes: ball({ "/etc/goes": 1 }),
};
const AFTER: DeliveredRecord = {
  stays: BEFORE.stays!,
  changes: ball({ "/etc/a": 2, "/etc/b": 1, "/etc/d": 1 }, ["/etc/new"]),
  comes: ball({ "/etc/comes": 1 }, ["/etc/made"]),
};

describe("the step from one record of delivered files to the next", () => {
  const step = stepBetween(BEFORE, AFTER)!;

  it("has what changes, and no more", () => {
    assertEquals(step, {
      before: {
        changes: ball({ "/etc/a": 1, "/etc/c": 1 }, ["/etc/old"]),
        goes: ball({ "/etc/goes": 1 }),
        comes: null,
      },
      after: {
        changes: ball({ "/etc/a": 2, "/etc/d": 1 }, ["/etc/new"]),
        goes: null,
        comes: ball({ "/etc/comes": 1 }, ["/etc/made"]),
      },
    });
  });

  it("leads there, and back", () => {
    assertEquals(withStep(BEFORE, step), AFTER);
    assertEquals(withoutStep(AFTER, step), BEFORE);
  });

  it("can be taken twice, as after a crash", () => {
    assertEquals(withStep(withStep(BEFORE, step), step), AFTER);
  });

  it("is none where only copies differ", () => {
    assertEquals(stepBetween(BEFORE, structuredClone(BEFORE) as DeliveredRecord), null);
  });

  it("has folders and purge, too", () => {
    const purged = { ...BEFORE, stays: { ...BEFORE.stays!, purge: ["/etc/*"] } };
    const one = stepBetween(BEFORE, purged)!;
    assertEquals(withStep(BEFORE, one), purged);
    assertEquals(withoutStep(purged, one), BEFORE);
  });

  it("leaves alone, when it is taken back, what a later dance has delivered", () => {
    const later = withStep(
      AFTER,
      stepBetween(AFTER, {
        ...AFTER,
        changes: ball({ "/etc/a": 3, "/etc/b": 1, "/etc/d": 1, "/etc/e": 1 }, ["/etc/new"]),
      })!,
    );
    assertEquals(
      withoutStep(later, step).changes,
      ball({ "/etc/a": 3, "/etc/b": 1, "/etc/e": 1, "/etc/c": 1 }, ["/etc/old"]),
    );
  });

  it("leaves a ball that it brought its globs, if a later dance has delivered more of it", () => {
    const first = { a: { ...ball({ "/etc/1": 1 }), purge: ["/etc/*"] } };
    const second = { a: { ...ball({ "/etc/1": 1, "/etc/2": 1 }), purge: ["/etc/*"] } };
    const left = { a: { ...ball({ "/etc/2": 1 }), purge: ["/etc/*"] } };
    assertEquals(withoutStep(second, stepBetween({}, first)!), left);
  });

  it("of an old version, which has everything in it, leads there and back, too", () => {
    const old = {
      before: { changes: BEFORE.changes!, goes: BEFORE.goes!, comes: null },
      after: AFTER,
    };
    assertEquals(withStep(BEFORE, old), AFTER);
    assertEquals(withoutStep(AFTER, old), BEFORE);
  });
});
