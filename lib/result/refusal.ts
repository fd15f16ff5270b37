/**
 * The kinds of what a script asked for and did not get.
 *
 * @module
 */

/** What kind of thing was refused. */
export type RefusalKind =
  | "by-path"
  | "clock"
  | "denied"
  | "device"
  | "ended"
  | "hidden"
  | "host-name"
  | "kernel"
  | "mount"
  | "namespace"
  | "network"
  | "path"
  | "place"
  | "process"
  | "processes"
  | "question"
  | "replaced"
  | "schedule"
  | "stand-in";
