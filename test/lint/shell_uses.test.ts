import { describe, it } from "@std/testing/bdd";
import { assertEquals } from "@std/assert";
import { shellCode } from "../../lib/lint/shell_text.ts";
import { shellUses } from "../../lib/lint/shell_uses.ts";

/** A script, and the keys that it needs, uses, and computes. */
const CASES: [script: string, needs: string[], keys: string[], computed: string[]][] = [
  ['x=$(disco-param get "$DISCO_NODE/a/b")', ["a/b"], ["a/b"], []],
  ['x="$(disco-param get "${DISCO_NODE}/a/b")"', ["a/b"], ["a/b"], []],
  ['echo "x `disco-param get $DISCO_NODE/a/b` y"', ["a/b"], ["a/b"], []],
  ["for x in $(disco-param keys $(hostname)/a); do", ["a"], ["a"], []],
  ['disco-param get "$(hostname -f)/a" >x', ["a"], ["a"], []],
  ['disco-param get "$DISCO_NODE"/a 2>x', ["a"], ["a"], []],
  ["disco-param dump `hostname`/a | sort", ["a"], ["a"], []],
  ['disco-param get \\\n  "$DISCO_NODE/a"', ["a"], ["a"], []],
  ["disco-param get \"$DISCO_NODE/a\" ''", [], ["a"], []],
  ['x=$(disco-param get "$DISCO_NODE/a" "$y")', [], ["a"], []],
  ['x=$(disco-param get "$DISCO_NODE/a") || x=1', [], ["a"], []],
  ['disco-param keys "$DISCO_NODE/a" 2>/dev/null', [], ["a"], []],
  ['disco-param get "$DISCO_NODE/a" >x && y', [], ["a"], []],
  ['if x=$(disco-param get "$DISCO_NODE/a"); then', [], ["a"], []],
  ['! disco-param get "$DISCO_NODE/a"', [], ["a"], []],
  ['while read x; do disco-param get "$DISCO_NODE/a"; done', ["a"], ["a"], []],
  ['if disco-param keys "$DISCO_NODE/a"; then disco-param get "$DISCO_NODE/a/b"; fi', [], [
    "a",
    "a/b",
  ], []],
  ['disco-param keys "$DISCO_NODE/a"\ndisco-param get "$DISCO_NODE/a/b"', ["a"], ["a", "a/b"], []],
  [
    '[ -e "/var/disco/parameters/$DISCO_NODE/a" ] && x; disco-param get "$DISCO_NODE/a"',
    [],
    ["a", "a"],
    [],
  ],
  ['disco-param get "$DISCO_NODE/a/$x"', [], [], ["a/"]],
  ['disco-param get "$DISCO_NODE/a/"$x', [], [], ["a/"]],
  ['disco-param get "$x"', [], [], [""]],
  ["disco-param keys | sort", [], [""], []],
  ["disco-param get current_module; disco-param get disco/client/x", [], [], []],
  ['my-disco-param-x get "$DISCO_NODE/a"', [], [], []],
  ['# disco-param get "$DISCO_NODE/a"\n: # disco-param get "$DISCO_NODE/a"', [], [], []],
  ["echo 'disco-param get \"$DISCO_NODE/a\"'", [], [], []],
  ["cat <<'EOF'\ndisco-param get \"$DISCO_NODE/a\"\nEOF\n", [], [], []],
  ["cat <<EOF\nit's $(disco-param get \"$DISCO_NODE/a\")\nEOF\n# it's", ["a"], ["a"], []],
];

describe("shellUses", () => {
  for (const [script, needs, keys, computed] of CASES) {
    it(`reads ${script}`, () => {
      const found = shellUses(script);
      assertEquals([found.needs.map(({ key }) => key), found.keys, found.computed], [
        needs,
        keys,
        computed,
      ]);
    });
  }

  it("says in which line, and how", () => {
    const script = '#!/bin/bash\nx=1 \\\n  y=$(disco-param get "$(hostname)/a")\n';
    assertEquals(shellUses(script).needs, [
      { key: "a", line: 3, what: 'disco-param get "$DISCO_NODE/a"' },
    ]);
  });
});

describe("shellCode", () => {
  const cases: [script: string, code: string][] = [
    ["a # b\nc", "a    \nc"],
    ["#a\n'#' \"# a\" ${#x} x#y $#", "  \n' ' \"# a\" ${#x} x#y $#"],
    ["a 'it''s' $'\\'#' # b", "a '  '' ' $'   '    "],
    ['"$(x "y" # z\n)" # w', '"$(x "y"    \n)"    '],
    ["a <<E # b\n# c\nE\n# d", "a <<E    \n# c\nE\n   "],
    ["a <<-'E'\n# c\n\tE\n# d", "a <<-'E'\n   \n\tE\n   "],
    ["a <<A <<'B'\n1\nA\n2\nB\n# d", "a <<A <<'B'\n1\nA\n \nB\n   "],
    ["((x = y << z)) # b\n# c", "((x = y << z))    \n   "],
    ["a <<<'# b' # c", "a <<<'   '    "],
    ["'", "'"],
    ['"', '"'],
    ["$(", "$("],
    ["a <<E", "a <<E"],
  ];
  for (const [script, code] of cases) {
    it(`blanks what is no code in ${script}`, () => assertEquals(shellCode(script), code));
  }
});
