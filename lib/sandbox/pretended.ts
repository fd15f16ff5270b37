/**
 * System calls that without root would fail, because a user namespace of one id has no other to give:
 * they do nothing, and succeed. A script then goes on as it would for root.
 *
 * @module
 */

/** A number that no system call has. */
const NONE = 0xffffffff;

/** By architecture: [x86_64, aarch64] (asm/unistd.h). */
export const PRETENDED: Readonly<Record<string, readonly [number, number]>> = {
  chown: [92, NONE],
  fchown: [93, 55],
  fchownat: [260, 54],
  lchown: [94, NONE],
  setfsgid: [123, 152],
  setfsuid: [122, 151],
  setgid: [106, 144],
  setgroups: [116, 159],
  setregid: [114, 143],
  setresgid: [119, 149],
  setresuid: [117, 147],
  setreuid: [113, 145],
  setuid: [105, 146],
};
