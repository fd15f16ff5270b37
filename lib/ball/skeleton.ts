/**
 * A new ball to begin with.
 *
 * @module
 */
import { join, resolve } from "@std/path";
import { follow, FollowError, Tree } from "../door/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { E, SyscallError } from "../posix/mod.ts";
import { parseBallName } from "./name.ts";

const FOLDERS = ["files", "parameters", "post", "scripts", "templates"];

// A README in files/ or parameters/ would be delivered, or be a parameter: so there is only one, on
// top, and comments where the syntax has them.
const CONTENT: Record<string, (name: string) => string> = {
  "README.md": (name) =>
    `# ${name}

What this ball is for. Nothing reads this file.

- \`requires\`: which balls come before and after this one
- \`permissions\`: modes, owners and groups of what is delivered, and what is secret
- \`parameters/\`: defaults of parameters, one file each; nodes and groups override them
- \`files/\`: delivered as they are: \`files/etc/motd\` becomes \`/etc/motd\`
- \`templates/\`: delivered after rendering: \`NAME.eta\` by Eta, any other by bash
- \`scripts/\`: run on every dance, in alphabetical order; they must be fit to run again
- \`post/\`: run on the live system after the merge
- \`reactions\`: what to run on the live system when a path changes
- \`checks\`: what must succeed before the merge when a path changes
- \`purge\`: paths that are removed once they are delivered no more

What is empty can be removed.
`,
  requires: () =>
    `# One ball a line, such as:
# after users      (users is applied before this ball; "users" alone means the same)
# before services  (this ball is applied before services)
`,
  permissions: () =>
    `# Lines "mode owner group path", where "-" leaves a field alone, such as:
# 0640 root adm /etc/example/*.conf
# and paths whose content is shown nowhere:
# secret /etc/example/key
`,
  "scripts/10-example": () =>
    `#!/usr/bin/env bash
# Runs on every dance, with NOOP set in a dry run. A parameter, with a default:
#   motd=$(disco-param get "$(hostname -f)/motd" "hello")
set -euo pipefail
`,
};

/**
 * Make the folder `<parent>/<name>` of a new ball; returns its path. Throws if it exists. The
 * owner of the parent can replace the folder meanwhile: nothing is written through a link.
 */
export function initBall(parent: string, name: string): string {
  const dir = join(parent, parseBallName(name));
  try {
    using root = new Tree("/");
    using holder = root.below(follow(root, resolve(parent)).path);
    holder.mkdir(`/${name}`);
    using tree = holder.below(`/${name}`);
    for (const folder of FOLDERS) tree.mkdir(`/${folder}`);
    for (const [path, content] of Object.entries(CONTENT)) {
      const mode = path.startsWith("scripts/") ? 0o755 : 0o644;
      tree.create(`/${path}`, new TextEncoder().encode(content(name)), mode);
    }
  } catch (cause) {
    if (!(cause instanceof SyscallError || cause instanceof FollowError)) throw cause;
    const why = cause instanceof SyscallError && cause.errno === E.EXIST
      ? `"${dir}" exists`
      : cause.message;
    throw new DiscoError(`Cannot make ball "${name}": ${why}`, { cause });
  }
  return dir;
}
