/**
 * Merges with a mistake. Each works as long as nothing goes wrong.
 *
 * @module
 */

/** A mistake: in a file, this text becomes that. */
export interface Mutant {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** Experiments that must notice it. */
  readonly caughtBy: readonly Experiment[];
}

/**
 * Kills and power cuts; the same with DISCO's state on a disk of its own; staging that is moved away
 * there; lost writes; kills of what is due after the merge.
 */
export type Experiment = "kills" | "apart" | "moved" | "lost" | "due";

/** By what they do wrong. */
export const MUTANTS: Readonly<Record<string, Mutant>> = {
  "changes the live root before the journal is committed": {
    file: "lib/merge/transaction.ts",
    from: "await commitJournal(folder, journal);",
    to: "for (const o of operations) apply(o, live);\n    await commitJournal(folder, journal);",
    caughtBy: ["kills", "lost"],
  },
  "swaps in three renames": {
    file: "lib/merge/live.ts",
    from: 'if (direction === "swap") exchange(a, b);',
    to: 'if (direction === "swap") { const c = { tree: b.tree, path: b.path + "-away" }; ' +
      "moveTo(a, c); moveTo(b, a); moveTo(c, b); }",
    caughtBy: ["kills"],
  },
  "does not recover": {
    file: "lib/merge/recover.ts",
    from: "const lines: string[] = [];",
    to: "const lines: string[] = [];\n  if (lines.length === 0) return lines;",
    caughtBy: ["kills", "lost"],
  },
  "does not sync what is staged": {
    file: "lib/merge/prepare.ts",
    from: "live.staging.sync();",
    to: "",
    caughtBy: ["lost"],
  },
  "does not sync the journal": {
    file: "lib/merge/journal.ts",
    from: "withFile(open(draft, O.RDONLY), (fd) => fsync(fd, draft));",
    to: "",
    caughtBy: ["lost"],
  },
  "does not sync the journal's directory": {
    file: "lib/merge/journal.ts",
    from: "syncFolder(folder);\n  } catch (error) {\n    unlink(path);",
    to: "void folder;\n  } catch (error) {\n    unlink(path);",
    // One file system keeps the order of its renames; two know nothing of each other.
    caughtBy: ["apart"],
  },
  "finds its staging by name": {
    file: "lib/merge/staging.ts",
    from: "return openThrough(live, area.place, area, own);",
    to: "return openThrough(live, area.place, { ...area, ino: null, handle: null }, own);",
    caughtBy: ["moved"],
  },
  "removes its staging by name": {
    file: "lib/merge/drop_area.ts",
    from: "const slots = findAtHome(area, live);\n    if (slots) return",
    to:
      "const slots = findAtHome({ ...area, ino: null, handle: null }, live);\n    if (slots) return",
    caughtBy: ["moved"],
  },
  "does not sync what was applied": {
    file: "lib/merge/transaction.ts",
    from: 'live.staging.sync();\n    markStatus(folder, "done");',
    to: 'markStatus(folder, "done");',
    caughtBy: ["lost"],
  },
  "forgets effects in its journal": {
    file: "lib/merge/transaction.ts",
    from: "...due && { due }",
    to: "...false",
    caughtBy: ["due"],
  },
  "ticks an effect off before it runs": {
    file: "lib/dance/carry_out_due.ts",
    from: 'note(roots, id, { event: "begun", effect: number });',
    to: 'note(roots, id, { event: "done", effect: number });',
    caughtBy: ["due"],
  },
  "does not note that an effect begins": {
    file: "lib/dance/carry_out_due.ts",
    from: 'note(roots, id, { event: "begun", effect: number });',
    to: "",
    caughtBy: ["due"],
  },
  "forgets what is owed": {
    file: "lib/due/state.ts",
    from: 'kind === "done" || kind === "forgotten"',
    to: 'kind === "done" || kind === "forgotten" || kind === "owed"',
    caughtBy: ["due"],
  },
};
