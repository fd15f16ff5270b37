/**
 * Another program in the place of this one.
 *
 * @module
 */
import { check, libc } from "./libc.ts";
import { cString } from "./names.ts";

/**
 * Become another program, found in the search path (execvpe(3)): same process, same terminal, and its
 * end is the end of this one. Returns only by throwing.
 */
export function execute(argv: readonly string[], env: Readonly<Record<string, string>>): never {
  const words = pointers(argv);
  const variables = pointers(Object.entries(env).map(([name, value]) => `${name}=${value}`));
  const program = argv[0] ?? "";
  check(libc.execvpe(cString(program), words.array, variables.array), "execute", program);
  throw new TypeError("unreachable: execvpe() returned without an error");
}

/** A NULL-terminated array of strings; the strings must be kept as long as the array. */
function pointers(
  words: readonly string[],
): { array: BigUint64Array<ArrayBuffer>; strings: readonly Uint8Array[] } {
  const strings = words.map(cString);
  const addresses = strings.map((string) =>
    BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(string)))
  );
  return { array: new BigUint64Array([...addresses, 0n]), strings };
}
