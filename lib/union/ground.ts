/**
 * What a union is laid on, and how that is mounted: for root the live root itself; for others a copy
 * of its directories on top of it, because a user namespace may not write to what it does not own.
 *
 * @module
 */
import { machineView, MS } from "../posix/mod.ts";
import { layCopies } from "./copies.ts";
import { FEATURES } from "./options.ts";
import { livePlaces, type Place } from "./places.ts";

/** A live root, and where its copies go. */
export interface Site {
  readonly root: string;
  /** DISCO's own folders, whose mounts do not count. */
  readonly hidden: readonly string[];
  /** The folder of the base layer; it is not there yet. */
  readonly base: string;
}

/** The places of a live root. */
export interface Laid {
  readonly places: Place[];
  /** What a dance on them cannot read or write, a line for each reason. */
  readonly gaps: readonly string[];
}

/** How a union meets the live root. */
export interface Ground {
  /** Options of overlayfs besides the layers. */
  readonly features: string;
  /** How the attributes begin that overlayfs keeps in a layer. */
  readonly marks: string;
  /** Flags with which a place is bound. */
  readonly bind: number;
  /** Whether a place that cannot be overlaid is shown even if it may have sockets of the host. */
  readonly bindsAnything: boolean;
  lay(site: Site): Laid;
}

const LIVE: Ground = {
  features: FEATURES,
  marks: "trusted.overlay.",
  bind: MS.BIND,
  bindsAnything: false,
  lay: ({ root, hidden }) => ({ places: livePlaces(root, hidden), gaps: [] }),
};

/**
 * `userxattr` excludes `metacopy` and `redirect_dir`. A mount with others below it, which are locked in a user namespace, can
 * only be bound as a whole.
 */
const COPIED: Ground = {
  features: "userxattr,index=off",
  marks: "user.overlay.",
  bind: MS.BIND | MS.REC,
  // Its sockets give a user's dry run no right that the user has not.
  bindsAnything: true,
  lay: layCopies,
};

/** The ground for this process. */
export function ground(): Ground {
  return machineView().overlaysAsRoot ? LIVE : COPIED;
}
