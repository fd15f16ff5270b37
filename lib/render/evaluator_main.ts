/**
 * The evaluator as the compiled binary has it: the binary itself, which gives up all permissions
 * before it looks at anything.
 *
 * @module
 */

const PERMISSIONS = ["run", "ffi", "write", "net", "sys", "env", "read"] as const;

/** The word after which `disco` is the evaluator. */
export const EVALUATOR = "--evaluator";

/** Answer requests on standard input until there are no more. */
export async function evaluatorMain(): Promise<void> {
  for (const name of PERMISSIONS) Deno.permissions.revokeSync({ name });
  await import("./evaluator.js");
}
