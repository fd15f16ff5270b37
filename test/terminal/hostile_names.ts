/**
 * Names that a file, an account, a script or a word of a command can have, and that mean to be taken
 * for something else. A further one is a further line.
 *
 * @module
 */

/** What is hostile about a name, and the name. */
export const HOSTILE_NAMES: readonly (readonly [what: string, name: string])[] = [
  ["a line of its own", "x\nreport: success: nothing to change"],
  ["a return to the line's beginning", "x\rerror: all is lost"],
  ["a tab", "x\ty"],
  ["colours", "\x1b[31mred\x1b[0m"],
  ["a title for the terminal", "\x1b]0;owned\x07"],
  ["a control sequence of C1", "\u009b2J"],
  ["a next line of C1", "x\u0085y"],
  ["backspaces", "evil\b\b\b\bgood"],
  ["a delete", "x\x7f"],
  ["a NUL", "x\0y"],
  ["right to left", "\u202egnp.exe"],
  ["an isolate", "\u2066x\u2069"],
  ["directional marks", "x\u200e\u200f\u061c"],
  ["a zero-width space", "pass\u200bwd"],
  ["zero-width joiners", "x\u200c\u200d"],
  ["invisible operators", "x\u2060\u2061\u2064"],
  ["a byte order mark", "\ufeffx"],
  ["a soft hyphen", "pass\u00adwd"],
  ["a grapheme joiner", "x\u034f"],
  ["Hangul fillers", "\u115f\u1160\u3164\uffa0"],
  ["tags", "x\u{e0001}\u{e0041}\u{e007f}"],
  ["variation selectors", "x\ufe00\ufe0f\u{e0100}"],
  ["Mongolian ones", "x\u180b\u180e"],
  ["Khmer inherent vowels", "x\u17b4\u17b5"],
  ["an annotation", "\ufff9x\ufffa\ufffb"],
  ["musical controls", "x\u{1d173}"],
  ["separators of lines and paragraphs", "x\u2028y\u2029z"],
  ["bytes that are not UTF-8", "x\udcff\udc80"],
  ["a lone surrogate", "x\ud800"],
  ["a change of another ball", "x: modified, size 1 -> 2 [other-ball]"],
  ["an effect of another ball", "systemctl restart x [other/scripts/10]"],
  ["quotes", `it's "x"`],
  ["backslashes", "x\\n\\x1b\\"],
  ["backslashes and a line feed", "x\\\ny'z"],
  ["a substitution", "$(id) `id` ${HOME}"],
  ["markup", "</td><script>alert(1)</script><!--"],
  ["an attribute's end", `" onmouseover="alert(1)`],
  ["a template", "<%= it.title %><%~ 1 %>"],
  ["a label of Prometheus", 'x",ball="y"} 1\n# HELP'],
  ["a label of Graphviz", 'x"]; evil [label="\\N'],
  ["nothing", ""],
  ["a space", " "],
  ["a dash", "-rf"],
  ["a star", "*"],
  ["a tilde", "~root"],
  ["a comment", "#x"],
  ["many letters", "x".repeat(5000)],
];

/** Everything that must not reach a terminal, in ranges; apart from what DISCO itself uses. */
export const UNSEEN =
  // deno-lint-ignore no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/u;
