/**
 * The policy in force: the shipped one, and what the administrator adds.
 *
 * @module
 */
import { DEFAULT_POLICY } from "./default_policy.ts";
import { parsePolicy, type Rule } from "./policy.ts";

/** The shipped rules, then those of `<etc>/restricted.d/*.conf` in the order of their names. */
export function loadPolicy(etc: string): Rule[] {
  const folder = `${etc}/restricted.d`;
  const files = names(folder).filter((name) => name.endsWith(".conf")).sort();
  return [
    ...parsePolicy(DEFAULT_POLICY, "shipped policy"),
    ...files.flatMap((name) =>
      parsePolicy(Deno.readTextFileSync(`${folder}/${name}`), `${folder}/${name}`)
    ),
  ];
}

function names(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
