/**
 * What an extended attribute says, in words.
 *
 * @module
 */
import { nameOf } from "../posix/names.ts";
import { shellWord, shortened } from "../terminal/printable.ts";

/** Characters of a value that are shown. */
const LONGEST = 120;

/** The value (in base64) of an attribute as its own tools print it, else as text, else as bytes. */
export function describeXattr(name: string, value: string): string {
  const bytes = bytesIn(value);
  if (bytes === undefined) return shellWord(shortened(value, LONGEST));
  const known = name === "security.capability"
    ? capabilities(bytes)
    : name.startsWith("system.posix_acl_")
    ? accessList(bytes)
    : undefined;
  if (known !== undefined) return shortened(known, 10 * LONGEST);
  // Labels of SELinux end with a NUL.
  const text = nameOf(bytes).replace(/\0$/, "");
  const isText = /^[^\p{C}]*$/u.test(text);
  return shellWord(isText ? shortened(text, LONGEST) : asBytes(bytes));
}

/** What a file holds that another process wrote may be anything. */
function bytesIn(base64: string): Uint8Array | undefined {
  try {
    return Uint8Array.fromBase64(base64);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function asBytes(bytes: Uint8Array): string {
  const shown = bytes.subarray(0, LONGEST / 4).toHex();
  return bytes.length > LONGEST / 4 ? `0x${shown}...(${bytes.length} bytes)` : `0x${shown}`;
}

/** By their numbers (linux/capability.h). */
const CAPABILITIES =
  ("chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable " +
    "net_bind_service net_broadcast net_admin net_raw ipc_lock ipc_owner sys_module sys_rawio " +
    "sys_chroot sys_ptrace sys_pacct sys_admin sys_boot sys_nice sys_resource sys_time " +
    "sys_tty_config mknod lease audit_write audit_control setfcap mac_override mac_admin syslog " +
    "wake_alarm block_suspend audit_read perfmon bpf checkpoint_restore").split(" ");

/** Words of 32 bits by revision: `struct vfs_cap_data`, and `vfs_ns_cap_data` with a root. */
const CAPABILITY_WORDS: Record<number, number> = { 1: 1, 2: 2, 3: 2 };

/** As getcap(8) prints it: `cap_net_bind_service=ep`. */
function capabilities(bytes: Uint8Array): string | undefined {
  const view = viewOf(bytes);
  const magic = view.byteLength >= 4 ? view.getUint32(0, true) : 0;
  const [revision, isEffective] = [magic >>> 24, (magic & 1) === 1];
  const words = CAPABILITY_WORDS[revision];
  const size = words && 4 + 8 * words + (revision === 3 ? 4 : 0);
  if (words === undefined || view.byteLength !== size) return undefined;
  const has = (at: number, i: number) =>
    (view.getUint32(4 + 8 * Math.floor(i / 32) + at, true) >>> i % 32 & 1) === 1;
  const byFlags = new Map<string, string[]>();
  for (let i = 0; i < 32 * words; i++) {
    const [permitted, inheritable] = [has(0, i), has(4, i)];
    if (!permitted && !inheritable) continue;
    const flags = `${isEffective ? "e" : ""}${inheritable ? "i" : ""}${permitted ? "p" : ""}`;
    byFlags.set(flags, [...byFlags.get(flags) ?? [], `cap_${CAPABILITIES[i] ?? i}`]);
  }
  const text = [...byFlags].map(([flags, names]) => `${names.join(",")}=${flags}`).join(" ");
  const root = revision === 3 ? view.getUint32(size! - 4, true) : 0;
  return `${text || "="}${root === 0 ? "" : ` [rootid=${root}]`}`;
}

/** Tags of entries (linux/posix_acl.h); those with an id name an account. */
const TAGS: Record<number, [name: string, hasId: boolean]> = {
  0x01: ["user", false],
  0x02: ["user", true],
  0x04: ["group", false],
  0x08: ["group", true],
  0x10: ["mask", false],
  0x20: ["other", false],
};
const ACL_VERSION = 2;

/** As getfacl(1) prints it, with numbers, on one line: `user::rw-,user:1000:r--,mask::rw-`. */
function accessList(bytes: Uint8Array): string | undefined {
  const view = viewOf(bytes);
  const isList = view.byteLength >= 4 && view.getUint32(0, true) === ACL_VERSION;
  if (!isList || (view.byteLength - 4) % 8 !== 0) return undefined;
  const entries: string[] = [];
  for (let at = 4; at < view.byteLength; at += 8) {
    const known = TAGS[view.getUint16(at, true)];
    if (!known) return undefined;
    const [name, hasId] = known;
    const bits = view.getUint16(at + 2, true);
    const rights = `${bits & 4 ? "r" : "-"}${bits & 2 ? "w" : "-"}${bits & 1 ? "x" : "-"}`;
    entries.push(`${name}:${hasId ? view.getUint32(at + 4, true) : ""}:${rights}`);
  }
  return entries.join(",");
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
