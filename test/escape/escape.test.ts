import { assertEquals, assertMatch } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, whyNoHost } from "../host/mod.ts";
import { ATTEMPTS, BARRIERS, isOpen, LEVELS, wallsOf } from "./attempts.ts";
import { findEscapes } from "./findings.ts";
import { whyNoControl } from "./controls.ts";

// Found out first: which controls there can be is known only then, and what is not tried is skipped.
const found = whyNoHost() === undefined ? await findEscapes() : undefined;

describeOnHost("the sandbox", () => {
  const findings = found!;

  for (const [name, attempt] of Object.entries(ATTEMPTS)) {
    for (const level of LEVELS) {
      const isFree = isOpen(attempt, level);
      it(`${isFree ? "lets through" : "refuses"} in a ${level} run: ${attempt.what}`, () => {
        const { verdict, detail } = findings[level][name]!;
        // What is not there is refused, too.
        assertEquals(
          verdict === "absent" ? "refused" : verdict,
          isFree ? "through" : "refused",
          detail,
        );
      });
    }

    const why = whyNoControl(name, findings);
    if (why) console.warn(`warning: skipped the control of "${attempt.what}": ${why}`);
    const itControls = why === undefined ? it : it.skip;
    itControls(`without ${attempt.by.join(", ")} this gets through: ${attempt.what}`, () => {
      assertEquals(findings.controls[name]?.verdict, "through", findings.controls[name]?.detail);
    });

    for (const wall of wallsOf(attempt)) {
      it(`refuses with nothing but "${wall}": ${attempt.what}`, () => {
        assertMatch(findings.alone[wall]?.[name]?.verdict ?? "nothing", /^(refused|absent)$/);
      });
    }
    if (attempt.by.some((by) => Object.hasOwn(BARRIERS, by))) {
      it(`refuses without any wall: ${attempt.what}`, () => {
        assertEquals(findings.none[name]?.verdict, "refused");
      });
    }
  }

  it("is tried with everything that the probe knows", () => {
    assertEquals(Object.keys(findings.dry).sort(), Object.keys(ATTEMPTS).sort());
  });
});
