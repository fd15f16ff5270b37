/**
 * What DISCO needs of the kernel, and what it does without where an older one lacks it: the one list.
 *
 * @module
 */
import { DiscoError } from "../error/mod.ts";
import {
  canWatchOpens,
  close,
  createFile,
  E,
  hasMountAttributes,
  landlockVersion,
  O,
  open,
  openBeneath,
  setXattr,
  SyscallError,
  unlink,
} from "../posix/mod.ts";
import { canNameLayers } from "./overlay.ts";

/** Something of the kernel. */
export interface Feature {
  readonly name: string;
  /** The version of Linux that brought it. */
  readonly since: string;
  /** What is done where it is missing; undefined if nothing can be done then. */
  readonly otherwise?: string;
  /** Whether this kernel has it. */
  readonly isThere: () => boolean;
}

/** The features, oldest first. That of the scratchpad is tried there, see below. */
export const FEATURES_OF_KERNEL: readonly Feature[] = [
  {
    name: "fanotify",
    since: "5.0",
    otherwise: "scripts that read a stand-in of DISCO's go on",
    isThere: canWatchOpens,
  },
  { name: "openat2", since: "5.6", isThere: hasOpenat2 },
  { name: "mount_setattr", since: "5.12", isThere: hasMountAttributes },
  {
    name: "Landlock",
    since: "5.13",
    otherwise: "scripts have one wall less",
    isThere: () => landlockVersion() > 0,
  },
  {
    name: "lowerdir+ of overlayfs",
    since: "6.8",
    otherwise: "the layers of a dance must fit into the options of one mount",
    isThere: canNameLayers,
  },
];

/** Throw if the kernel lacks what nothing can be done without. */
export function requireKernel(features: readonly Feature[] = FEATURES_OF_KERNEL): void {
  const missing = features.find(({ otherwise, isThere }) => !otherwise && !isThere());
  if (!missing) return;
  throw new DiscoError(
    `Cannot mount the union: this kernel has no ${missing.name} (Linux ${missing.since} has it)`,
    { hint: "use a newer kernel; in a container, its seccomp profile must allow the call" },
  );
}

/**
 * Whether files in a folder can have attributes of users. On a tmpfs they can from Linux 6.6 on; where
 * they cannot, a file that a ball changes would lose those that it has on the live root.
 */
export function keepsUserAttributes(folder: string): boolean {
  const probe = `${folder}/probe`;
  createFile(probe, new Uint8Array(), 0o600);
  try {
    setXattr(probe, "user.disco", new Uint8Array([1]));
    return true;
  } catch (error) {
    if (error instanceof SyscallError && error.errno === E.OPNOTSUPP) return false;
    throw error;
  } finally {
    unlink(probe);
  }
}

function hasOpenat2(): boolean {
  const root = open("/", O.PATH | O.DIRECTORY);
  try {
    close(openBeneath(root, "."));
    return true;
  } catch (error) {
    if (error instanceof SyscallError && error.errno === E.NOSYS) return false;
    throw error;
  } finally {
    close(root);
  }
}
