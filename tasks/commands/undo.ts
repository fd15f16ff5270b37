/**
 * The commands for what has been merged.
 *
 * @module
 */
import type { Command } from "../../lib/command_line/mod.ts";

export const UNDO: readonly Command[] = [
  {
    name: "rollback",
    group: "undo",
    summary: "Undo a merged dance",
    words: [{ name: "GENERATION", isOptional: true, offer: "dances" }],
    options: [
      {
        name: "force",
        help:
          "undo it even where others have changed a path since: what they did is named, and kept " +
          "with the new generation",
      },
      { name: "no-effects", help: "files only: services stay as they are" },
    ],
    text:
      `Without a name the last generation is undone that has not been undone. Undoing is a transaction
like a merge: all of it or nothing, and it can be undone itself. Then units are started, stopped and
restarted, so that they are what they were before the dance; no effect of the dance is repeated, and
what cannot be taken back is named before. With --noop what would be undone is listed path by path.
The exit code is 1 if something of it is owed.`,
    load: () => import("../rollback.ts"),
  },
  {
    name: "confirm",
    group: "undo",
    summary: "Keep what dance --confirm merged",
    text:
      `A merge by "dance --confirm 10m" is undone after ten minutes, unless this is run in time. A ball
whose merge was undone so stays out of later dances, until it changes or this is run.`,
    load: () => import("../confirm.ts"),
  },
  {
    name: "owed",
    group: "undo",
    summary: "List effects that failed and are tried again, try or forget them",
    options: [
      { name: "retry", value: "ID", help: "try one effect again, or all of a dance" },
      { name: "forget", value: "ID", help: "never try it again" },
    ],
    text:
      `Each dance tries them again before its own effects. What a dance that was killed has left is
listed as well. The exit code is 1 while anything is owed or left.`,
    load: () => import("../owed.ts"),
  },
  {
    name: "recover",
    group: "undo",
    summary: "Finish, or take back, a merge that was cut off",
    options: [
      {
        name: "at",
        value: "TIME",
        help:
          "wait until then (ISO 8601), or until nothing is left to wait for, and for a dance in " +
          "progress",
      },
      {
        name: "early",
        help: "early at boot: files and deadlines only; effects wait for a later call",
      },
      { name: "wait", help: "wait for a dance in progress, up to an hour" },
      {
        name: "give-up",
        value: "GENERATION",
        help: "leave a merge as it is that can be neither finished nor taken back: what is live " +
          "stays, and is named path by path; the rest is dropped",
      },
    ],
    text: `Effects that were due and had not begun are carried out as well; one that was cut off is
repeated only if it may run twice. Every dance does so before it begins. It is quick where there is
nothing to do.`,
    load: () => import("../recover.ts"),
  },
  {
    name: "install",
    group: "undo",
    summary: "Install the boot units that finish what was cut off",
    text:
      `Copies Deno with its loader and libraries to DISCO's own folder (100 MB), so that recovery starts
even when a merge was cut off in the middle of replacing them: run it again after an update of Deno.

Writes units below /etc/systemd/system and enables them; with --noop prints them:
disco-recover.service finishes merges and undoes unconfirmed ones as soon as the root file system can
be written, disco-recover-others.service does so for other file systems, and disco-due.service carries
out effects once the machine is up. They begin nothing where nothing is due. Without them the next
dance does the same.`,
    load: () => import("../install.ts"),
  },
];
