/**
 * Questions to a person.
 *
 * @module
 */

/** Ask for yes or no; without a terminal the answer is no. dax is slow to load, hence only now. */
export async function confirm(question: string): Promise<boolean> {
  if (!Deno.stdin.isTerminal()) return false;
  const { default: $ } = await import("dax");
  return await $.confirm(question, { default: false });
}
