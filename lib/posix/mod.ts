/**
 * The system calls that Deno has no name for, or that must run on the main thread.
 *
 * @module
 */
export * from "./attributes.ts";

export * from "./clock.ts";
export * from "./copy_content.ts";
export * from "./descent.ts";
export * from "./detached_mount.ts";
export { appendDurably, syncFolder } from "./durable.ts";
export * from "./entries.ts";
export { execute } from "./execute.ts";
export * from "./file.ts";
export { FLAG, flagsOf, setFlags } from "./flags.ts";
export * from "./handle.ts";
export { AT_FDCWD } from "./libc.ts";
export { E, SyscallError } from "./errno.ts";
export { landlockVersion } from "./landlock.ts";
export * from "./limits.ts";
export * from "./locks.ts";
export { inheritedMemory } from "./memory_file.ts";
export { bytesOf, nameOf } from "./names.ts";
export { type MountInfo, parseMountinfo, readMounts, unescapeOctal } from "./mountinfo.ts";
export * from "./namespace.ts";
export { canWatchOpens, OpenWatch } from "./opens.ts";
export { type Project, projectOf } from "./project.ts";
export * from "./remove_tree.ts";
export { type MachineView, machineView, ROOTLESS, type User } from "./machine_view.ts";
export { fstat, lstat, mountOf } from "./stat.ts";
export * from "./signal_action.ts";
export type { FileType, MountIdentity, Stat } from "./stat.ts";
export * from "./small_file.ts";
export * from "./terminal.ts";
export * from "./times.ts";
export * from "./usage.ts";
export * from "./xattr.ts";
