/**
 * What no two runs write alike, be they dry, live or by hand. An excuse is for the content only:
 * that the path changes, its type, mode, owner and attributes must be predicted all the same.
 *
 * @module
 */

/** A kind of file, and why its content differs between any two runs. */
export interface Excuse {
  readonly path: RegExp;
  readonly reason: string;
}

/** The whole list. */
export const EXCUSES: readonly Excuse[] = [
  { path: /^\/var\/log\/(dpkg|alternatives)\.log$/, reason: "says when" },
  { path: /^\/var\/log\/apt\/(history|term)\.log$/, reason: "says when" },
  { path: /^\/var\/cache\/apt\/(src)?pkgcache\.bin$/, reason: "holds times of the lists" },
  { path: /^\/var\/cache\/ldconfig\/aux-cache$/, reason: "holds inodes and times of libraries" },
  { path: /^\/var\/spool\/cron\/crontabs\/[^/]+$/, reason: "says when it was installed" },
  { path: /\/\.git\/index$/, reason: "holds inodes and times of the files" },
  { path: /\/\.git\/logs\//, reason: "says when" },
  { path: /\.pyc$/, reason: "holds the time of its source" },
];

/** Whether the content of a path may differ. */
export function isExcused(path: string): boolean {
  return EXCUSES.some((excuse) => excuse.path.test(path));
}
