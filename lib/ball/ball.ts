/**
 * A ball, read from its folder.
 *
 * @module
 */
import { BallFolder } from "./folder.ts";
import { parseBallName } from "./name.ts";
import { type OnChange, parseOnChange } from "./on_change.ts";
import { parsePermissions, type PermissionRule } from "./permissions.ts";
import { parsePurge } from "./purge.ts";
import { parseRequires, type Requirement } from "./requires.ts";

/** Bytes of each of the files of lines. */
const MOST_BYTES = 1 << 20;

/** A module: what one folder of the universe says. */
export interface Ball {
  readonly name: string;
  /** The folder. */
  readonly dir: string;
  readonly requires: Requirement[];
  readonly permissions: PermissionRule[];
  /** Absolute globs, see `permissions.ts`. */
  readonly secrets: string[];
  /** Absolute globs of what is removed once it is not delivered any more, see `purge.ts`. */
  readonly purge: string[];
  /** What is to be run on the live system when a path changes, see `on_change.ts`. */
  readonly reactions: OnChange[];
  /** Paths relative to `<dir>/scripts`, in the order in which they run. */
  readonly scripts: string[];
  /** Paths relative to `<dir>/post`, in the order in which they run. */
  readonly post: string[];
  /** Paths relative to `<dir>/templates`. */
  readonly templates: string[];
}

/** Read the ball `name` from its folder `dir`; what is not there is empty. */
export function readBall(dir: string, name: string): Ball {
  parseBallName(name);
  using folder = new BallFolder({ name, dir });
  const text = (file: string) => folder.text(file, MOST_BYTES);
  const { rules, secrets } = parsePermissions(text("permissions"), `${name}/permissions`);
  return {
    name,
    dir,
    requires: parseRequires(text("requires"), `${name}/requires`),
    permissions: rules,
    secrets,
    purge: parsePurge(text("purge"), `${name}/purge`),
    reactions: parseOnChange(text("reactions"), `${name}/reactions`),
    scripts: folder.files("scripts"),
    post: folder.files("post"),
    templates: folder.files("templates"),
  };
}
