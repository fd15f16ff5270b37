/**
 * Controls: DISCO as it would be with an old mistake. Each attack that names one must succeed then.
 *
 * @module
 */
import type { Mistake } from "./mutant.ts";

/** By their names in the attacks. */
export const CONTROLS: Readonly<Record<string, readonly Mistake[]>> = {
  "links of anybody": [{
    file: "lib/door/follow.ts",
    from: "const isSafe = owner === 0",
    to: "const isSafe = owner >= 0",
  }],
};
