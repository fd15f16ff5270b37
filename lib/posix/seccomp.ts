/**
 * Programs for seccomp(2), which decide what becomes of each system call: a classic BPF that reads
 * struct seccomp_data.
 *
 * @module
 */

/** One instruction of struct sock_filter; the jumps are over so many of the next ones. */
export type Instruction = readonly [code: number, yes: number, no: number, value: number];

/** The number of a system call on the architectures that Deno runs on (asm/unistd.h). */
export type CallNumbers = readonly [x86_64: number, aarch64: number];

/** The audit number of an architecture, and its column in {@linkcode CallNumbers}. */
const ARCHITECTURES = { x86_64: [0xc000003e, 0], aarch64: [0xc00000b7, 1] } as const;

/** One of them. */
export type Architecture = keyof typeof ARCHITECTURES;

/** Calls of the x32 ABI have this bit. */
const X32 = 0x40000000;
/** Offsets in struct seccomp_data. */
const NUMBER = 0;
const ARCHITECTURE = 4;
const ARGUMENT_0 = 16;
const ARGUMENT_SIZE = 8;
/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET (linux/sched.h). */
const NEW_NAMESPACES = 0x7e020000;

/** The call is made. */
export const ALLOW = 0x7fff0000;
const ERRNO = 0x00050000;

/** The call is not made, and fails with this number of errno(3); with 0 it seems to succeed. */
export function failWith(errno: number): number {
  return ERRNO | errno;
}

/** Load the lower half of an argument, by its number. */
export function loadArgument(number: 0 | 1 | 2): Instruction {
  return load(ARGUMENT_0 + number * ARGUMENT_SIZE);
}

/** End the program with what becomes of the call. */
export function give(action: number): Instruction {
  return [0x06, 0, 0, action];
}

/** Instructions for one value of what is loaded, which must end the program. */
export function whereEqual(value: number, instructions: readonly Instruction[]): Instruction[] {
  return [[0x15, 0, instructions.length, value], ...instructions];
}

/** End the program with an action where what is loaded is this value. */
export function onEqual(value: number, action: number): Instruction[] {
  return whereEqual(value, [give(action)]);
}

/** End the program with an action where the first argument asks for a new namespace. */
export function onNewNamespace(action: number): Instruction[] {
  return [loadArgument(0), [0x45, 0, 1, NEW_NAMESPACES], give(action)];
}

/**
 * A filter, as an array of struct sock_filter. `rules` see the number of the call, and its column in
 * {@linkcode CallNumbers}; what they do not decide is allowed. Calls of other architectures than the
 * one it is for fail with `missing`: they have other numbers.
 */
export function seccompProgram(
  architecture: Architecture,
  missing: number,
  rules: (column: 0 | 1) => readonly Instruction[],
): Uint8Array<ArrayBuffer> {
  const [audit, column] = ARCHITECTURES[architecture];
  const isOther: Instruction[] = architecture === "x86_64"
    ? [[0x35, 0, 1, X32], give(missing)]
    : [];
  return encode([
    load(ARCHITECTURE),
    [0x15, 1, 0, audit],
    give(missing),
    load(NUMBER),
    ...isOther,
    ...rules(column),
    give(ALLOW),
  ]);
}

function load(offset: number): Instruction {
  return [0x20, 0, 0, offset];
}

function encode(program: readonly Instruction[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(program.length * 8);
  const view = new DataView(bytes.buffer);
  program.forEach(([code, yes, no, value], i) => {
    view.setUint16(i * 8, code, true);
    view.setUint8(i * 8 + 2, yes);
    view.setUint8(i * 8 + 3, no);
    view.setUint32(i * 8 + 4, value >>> 0, true);
  });
  return bytes;
}
