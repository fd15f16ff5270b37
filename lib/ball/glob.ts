/**
 * Globs of paths, as `permissions` has them.
 *
 * @module
 */

const cache = new Map<string, RegExp>();

/**
 * The expression for a glob: `*` and `?` match within one component, names with a leading dot too;
 * `**` matches across components; `[abc]`, `[a-z]`, `[!a]` match one character; `\` makes the next
 * character an ordinary one. Everything else, braces too, stands for itself.
 */
export function globToRegExp(glob: string): RegExp {
  const known = cache.get(glob);
  if (known) return known;
  const source = glob.replaceAll(TOKEN, translate);
  const expression = compile(source) ?? new RegExp(`^${literal(glob)}$`, "s");
  cache.set(glob, expression);
  return expression;
}

const TOKEN = /\\.|\*\*\/|\*\*|\*|\?|\[[!^]?\]?[^\]\/]*\]|[\s\S]/g;

function translate(token: string): string {
  switch (token) {
    case "**/":
      return "(?:.*/)?";
    case "**":
      return ".*";
    case "*":
      return "[^/]*";
    case "?":
      return "[^/]";
  }
  if (token.length > 1 && token.startsWith("[")) {
    const [, not = "", set = ""] = /^\[([!^]?)(.*)\]$/s.exec(token)!;
    return `(?!/)[${not && "^"}${set.replaceAll(/[\\\]\[^]/g, "\\$&")}]`;
  }
  return literal(token.length === 2 ? token.slice(1) : token);
}

/** A set such as `[z-a]` is none: then the whole glob is taken as an ordinary path. */
function compile(source: string): RegExp | undefined {
  try {
    return new RegExp(`^${source}$`, "s");
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|\/]/g, "\\$&");
}
