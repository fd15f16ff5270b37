import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { whyNotYet } from "../../lib/effects/mod.ts";

const WAITING = [
  "systemctl stop a",
  "service b start",
  "systemctl --quiet enable --now c.socket",
  "x d start",
]
  .concat("systemctl restart e", "systemctl reload g", "/usr/bin/systemctl start f");

/** Questions, and whether what waits decides about the answer. */
const CASES: readonly (readonly [line: string, isUnknown: boolean])[] = [
  ["systemctl is-active a", true],
  ["systemctl is-active --quiet a.service", true],
  ["systemctl is-active x a", true],
  ["systemctl show -p MainPID b", true],
  ["service b status", true],
  ["systemctl status c.socket", true],
  ["systemctl is-failed f", true],
  ["systemctl is-active c", false],
  ["systemctl is-active d", false],
  ["systemctl is-active e", true],
  ["systemctl is-active g", false],
  ["systemctl list-units a", false],
  ["systemctl is-active other", false],
  ["sysctl -n a", false],
];

describe("a question about a unit that an effect will change", () => {
  for (const [line, isUnknown] of CASES) {
    it(`${isUnknown ? "is not answered yet" : "is none"}: ${line}`, () => {
      const waiting = WAITING.map((text) => text.split(" "));
      assertEquals(whyNotYet(line.split(" "), () => waiting) !== undefined, isUnknown);
      assertEquals(whyNotYet(line.split(" "), () => []), undefined);
    });
  }
});
