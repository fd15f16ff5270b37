import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { decidedBy } from "../../lib/effects/mod.ts";

const EFFECTS = [
  ["systemctl", "restart", "nginx"],
  ["systemctl", "reload", "nginx"],
  ["systemctl", "daemon-reload"],
  ["service", "nginx", "restart"],
];

const WAITS = "a condition waits for it";
const LOOKED_AT = "its exit code is looked at";

const DECIDES: readonly [script: string, line: number, how: string][] = [
  ["if systemctl restart nginx; then touch /ok; fi", 1, WAITS],
  ["if ! systemctl restart nginx\nthen echo no; fi", 1, WAITS],
  ["if false; then :; elif systemctl restart nginx; then :; fi", 1, WAITS],
  ["while ! systemctl restart nginx; do sleep 1; done", 1, WAITS],
  ["until systemctl -q restart nginx >/dev/null 2>&1; do :; done", 1, WAITS],
  ['for u in nginx; do\n  if systemctl restart "$u"; then :; fi\ndone', 2, WAITS],
  ["if sudo /usr/bin/systemctl restart nginx; then :; fi", 1, WAITS],
  ["if timeout 10 service nginx restart | cat; then :; fi", 1, WAITS],
  ["! systemctl restart nginx && touch /x", 1, WAITS],
  ["a=\"x 'y\" # '\ncat <<-'E'\n\tif\n\tE\nif systemctl restart nginx; then :; fi", 5, WAITS],
  ["echo $'it\\'s'\nif systemctl restart nginx; then :; fi", 2, WAITS],
  ["(( y = 1 << 2 ))\nif systemctl restart nginx; then :; fi", 2, WAITS],
  ["x=$(\n# it's late\necho a)\nif systemctl restart nginx; then :; fi", 4, WAITS],
  ["systemctl restart nginx\nrc=$?\necho $rc", 1, LOOKED_AT],
  ["systemctl restart nginx; [ $? -eq 0 ] && touch /x", 1, LOOKED_AT],
  ['systemctl restart nginx\nif test "${?}" = 0; then :; fi', 1, LOOKED_AT],
  ["systemctl restart nginx || touch /failed", 1, '"touch /failed" is for its failure'],
  ["systemctl restart nginx ||\n  echo no >/failed", 1, '"echo no" is for its failure'],
  ["systemctl restart nginx && echo ok || rm /x", 1, '"rm /x" is for its failure'],
  [
    "systemctl reload nginx \\\n  || systemctl restart nginx",
    1,
    '"systemctl restart nginx" is for its failure',
  ],
];

const DECIDES_NOTHING = [
  "systemctl restart nginx",
  "systemctl restart nginx || true",
  "systemctl restart nginx || exit 1",
  "systemctl restart nginx || { echo bad >&2; exit 1; }",
  "systemctl restart nginx || echo bad 2>/dev/null",
  "systemctl restart nginx\nexit $?",
  "systemctl daemon-reload && systemctl restart nginx",
  "if [ -f /x ]; then systemctl restart nginx; fi",
  "[ -f /x ] && systemctl restart nginx",
  "test -f /x || systemctl restart nginx",
  "x() {\n  systemctl restart nginx || return 1\n}\nx",
  'while read -r u; do systemctl restart "$u"; done <list',
  "case $1 in a) systemctl restart nginx ;; esac",
  "systemctl restart nginx # || touch /x",
  "echo 'if systemctl restart nginx; then'",
  "cat >/x <<E\nif systemctl restart nginx; then\nE\nsystemctl restart nginx",
  "case $1 in\n  if) echo a ;;\n  *) echo b ;;\nesac\nsystemctl restart nginx",
  // Others: a question, and what did not become an effect.
  "if systemctl is-active nginx; then systemctl restart nginx; fi",
  "if nginx -t; then systemctl restart nginx; fi",
];

describe("decidedBy()", () => {
  for (const [script, line, how] of DECIDES) {
    it(`finds what decides: ${JSON.stringify(script)}`, () => {
      const found = decidedBy(script, EFFECTS);
      assertEquals([found?.line, found?.how], [line, how]);
      // Control: it is the effect that decides, and not the form.
      assertEquals(decidedBy(script, [["halt"]]), undefined);
    });
  }

  for (const script of DECIDES_NOTHING) {
    it(`finds nothing: ${JSON.stringify(script)}`, () => {
      assertEquals(decidedBy(script, EFFECTS), undefined);
    });
  }

  it("takes no more time for long scripts than they are longer", () => {
    const long = `if false; then\n${"systemctl restart other\n".repeat(50_000)}fi\n`;
    assertEquals(decidedBy(`${long}systemctl restart nginx\n`, EFFECTS), undefined);
  });

  it("comes to its end with what is no shell script", () => {
    for (const text of ["(", "$(", '"', "`", "<<", "\\", "<(${", "\n\n;;&", "((((\"'"]) {
      assertEquals(decidedBy(text.repeat(5000), EFFECTS), undefined, text);
    }
  });
});
