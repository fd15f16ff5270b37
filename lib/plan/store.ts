/**
 * The plan of a dance on disk: `plan.json` in the dance's folder.
 *
 * @module
 */
import { join } from "@std/path";
import { DiscoError, messageOf } from "../error/mod.ts";
import { writeOwn } from "../files/write_own.ts";
import type { Plan } from "./plan.ts";

const SCHEMA = 1;

/** Write the plan into the folder of its dance; a reader sees the old one or the new one. */
export function savePlan(danceDir: string, plan: Plan): void {
  const path = join(danceDir, "plan.json");
  const text = JSON.stringify({ schema: SCHEMA, ...plan }, null, 2);
  // Each dance makes it anew.
  writeOwn(path, `${text}\n`, { keeps: "nothing" });
}

/** Read the plan of a dance; throws when there is none, or when it cannot be understood. */
export function loadPlan(danceDir: string): Plan {
  const path = join(danceDir, "plan.json");
  try {
    const { schema, ...plan } = JSON.parse(Deno.readTextFileSync(path)) ?? {};
    if (schema !== SCHEMA) throw new Error(`it has schema ${schema}, expected ${SCHEMA}`);
    return plan as Plan;
  } catch (cause) {
    throw new DiscoError(`Cannot read plan "${path}": ${messageOf(cause)}`, {
      hint: "run disco plan",
      cause,
    });
  }
}
