import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { decidedBy } from "../../lib/effects/mod.ts";

const EFFECTS = [
  ["systemctl", "restart", "nginx"],
  ["systemctl", "reload", "nginx"],
  ["systemctl", "daemon-reload"],
  ["service", "nginx", "restart"],
  ["kill", "-HUP", "4711"],
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

/** The decision is behind something else: a function, a variable, a wrapper, a trap. */
const DECIDES_BEHIND: readonly [script: string, line: number, how: string][] = [
  ["if ! systemctl restart nginx; then touch /x; fi", 1, WAITS],
  ["if ! systemctl restart nginx; then exit 1; else touch /x; fi", 1, WAITS],
  [`r() { systemctl restart "$1"; }\nif r nginx; then echo a >/etc/r; fi`, 2, WAITS],
  ["r() {\n  echo a\n  systemctl restart nginx\n}\nr\necho $? >/etc/r", 5, LOOKED_AT],
  ["r() { systemctl restart nginx; }\nr || touch /x", 2, '"touch /x" is for its failure'],
  [
    "r() { systemctl restart nginx || return 1; }\nr || touch /x",
    2,
    '"touch /x" is for its failure',
  ],
  ["function r { systemctl restart nginx; return $?; }\nif r; then touch /x; fi", 2, WAITS],
  ["r() { [ -f /x ] && systemctl restart nginx; }\nif r; then touch /x; fi", 2, WAITS],
  [
    "r() { if [ -f /x ]; then systemctl restart nginx; fi; }\nr || touch /x",
    2,
    '"touch /x" is for its failure',
  ],
  [
    'try() { "$@" || echo "$*" >>/etc/failed; }\ntry systemctl restart nginx',
    2,
    '"echo $*" is for its failure',
  ],
  [
    'retry() {\n  for i in 1 2; do "$@" && return 0; done\n  return 1\n}\nretry systemctl restart nginx || touch /x',
    5,
    '"touch /x" is for its failure',
  ],
  ['r() { n=$1; shift; "$@"; }\nif r 3 systemctl restart nginx; then :; fi', 2, WAITS],
  ["bad() { echo bad >/etc/r; }\nsystemctl restart nginx || bad", 2, '"bad" is for its failure'],
  ['c="systemctl restart nginx"\nif $c; then touch /x; fi', 2, WAITS],
  ['c=(systemctl restart nginx)\nif "${c[@]}"; then touch /x; fi', 2, WAITS],
  ["S=/usr/bin/systemctl\n$S restart nginx || touch /x", 2, '"touch /x" is for its failure'],
  ["if ${SYSTEMCTL:-systemctl} restart nginx; then :; fi", 1, WAITS],
  ['if eval "systemctl restart nginx"; then :; fi', 1, WAITS],
  ['c="systemctl restart nginx"; eval "$c" || touch /x', 1, '"touch /x" is for its failure'],
  ["if echo nginx | xargs systemctl restart; then :; fi", 1, WAITS],
  [
    "find . -name a -exec systemctl restart nginx \\; -exec touch /x \\;",
    1,
    "find goes on only if it succeeds",
  ],
  ["find . -exec systemctl restart nginx ';' -delete", 1, "find goes on only if it succeeds"],
  ["bash -c 'systemctl restart nginx' || echo bad >/etc/r", 1, '"echo bad" is for its failure'],
  ["bash -c 'systemctl restart nginx || echo bad >/etc/r'", 1, '"echo bad" is for its failure'],
  ["if sh -ec 'systemctl restart nginx; echo'; then :; fi", 1, WAITS],
  ["if su - root -c 'systemctl restart nginx'; then :; fi", 1, WAITS],
  ["if runuser -u root -- systemctl restart nginx; then :; fi", 1, WAITS],
  ["if chroot / systemctl restart nginx; then :; fi", 1, WAITS],
  ["if script -qc 'systemctl restart nginx' /dev/null; then :; fi", 1, WAITS],
  ["if flock /run/lock/a systemctl restart nginx; then :; fi", 1, WAITS],
  ["if unshare -m systemctl restart nginx; then :; fi", 1, WAITS],
  ["if stdbuf -oL systemctl restart nginx; then :; fi", 1, WAITS],
  ["disco-effect systemctl restart nginx || touch /x", 1, '"touch /x" is for its failure'],
  ["if /etc/init.d/nginx restart; then :; fi", 1, WAITS],
  [
    '(set -e; systemctl restart nginx; echo up) >/etc/st\nif [ "$?" = 0 ]; then :; fi',
    1,
    LOOKED_AT,
  ],
  ["(systemctl restart nginx) || touch /x", 1, '"touch /x" is for its failure'],
  ["{ systemctl restart nginx; } || touch /x", 1, '"touch /x" is for its failure'],
  ["if { true; systemctl restart nginx; }; then :; fi", 1, WAITS],
  ['systemctl restart nginx 2>&1 | logger -s; echo "${PIPESTATUS[0]}" >/etc/r', 1, LOOKED_AT],
  ["set -o pipefail\nsystemctl restart nginx | logger\necho $? >/etc/r", 2, LOOKED_AT],
  ["systemctl restart nginx & wait $!; echo $? >/etc/r", 1, LOOKED_AT],
  ["systemctl restart nginx &\np=$!\nif wait $p; then :; fi", 3, WAITS],
  ["if out=$(systemctl restart nginx 2>&1); then :; fi", 1, WAITS],
  ["out=$(systemctl restart nginx 2>&1) || touch /x", 1, '"touch /x" is for its failure'],
  ["rc=$(systemctl restart nginx; echo $?)", 1, LOOKED_AT],
  [
    '[ "$(systemctl restart nginx && echo ok)" = ok ] || touch /x',
    1,
    "what is printed depends on it",
  ],
  ["systemctl restart nginx || { echo bad; touch /x; }", 1, '"touch /x" is for its failure'],
  ["systemctl restart nginx || { echo bad; } >/etc/r", 1, '"" is for its failure'],
  ['systemctl restart nginx || bad=1\n[ -z "$bad" ] || touch /x', 1, '"bad=1" is for its failure'],
  [
    "systemctl restart nginx || rc=$?\nif [ $rc = 1 ]; then echo a >/etc/r; fi",
    1,
    '"rc=$?" is for its failure',
  ],
  ["systemctl restart nginx && exit 0\necho bad >/etc/r", 1, '"echo bad" is for its failure'],
  ["systemctl restart nginx\ncase $? in 0) ;; *) touch /x ;; esac", 1, LOOKED_AT],
  ["if [ -f /x ]; then systemctl restart nginx; fi\necho $? >/etc/r", 1, LOOKED_AT],
  [
    "set -E\ntrap 'echo bad >>/etc/errors' ERR\nsystemctl restart nginx",
    3,
    "a trap of ERR is for its failure",
  ],
  [
    "bad() { echo bad >>/etc/errors; }\ntrap bad ERR\nsystemctl restart nginx",
    3,
    "a trap of ERR is for its failure",
  ],
  [
    "trap 'echo $? >/etc/r' EXIT\nsystemctl restart nginx",
    2,
    "a trap of EXIT looks at its exit code",
  ],
  [
    "set -e\ntrap 'rc=$?; [ $rc = 0 ] || echo bad >/etc/r' 0\nsystemctl restart nginx\ntrue",
    3,
    "a trap of EXIT looks at its exit code",
  ],
  [
    "set -e\nend() {\n  if [ $? -ne 0 ]; then touch /x; fi\n}\ntrap end EXIT\nsystemctl restart nginx\ntrue",
    6,
    "a trap of EXIT looks at its exit code",
  ],
];

const DECIDES_NOTHING = [
  "if ! systemctl restart nginx; then echo no >&2; exit 1; fi",
  "systemctl reload nginx\nif [ $? -ne 0 ]; then echo no; exit 1; fi",
  'r() { systemctl restart "$1"; }\nr nginx',
  "r() { systemctl restart nginx; }\nr || true\nr || exit 1\nr && echo ok",
  "r() { systemctl restart nginx; true; }\nif r; then :; fi",
  "r() { systemctl restart nginx || true; }\nr || touch /x",
  "r() { systemctl restart nginx; exit $?; }\nr",
  "r() { systemctl restart nginx; }\nif s; then r; fi",
  'try() { "$@" || echo "failed: $*" >&2; }\ntry systemctl restart nginx',
  'try() { "$@" || echo failed >/x; }\ntry test -f /y\nsystemctl restart nginx',
  "die() { echo bad >>/var/log/x; exit 1; }\nsystemctl restart nginx || die",
  "systemctl restart nginx || { rm -f /run/lock; exit 1; }",
  'c="systemctl restart nginx"\n$c || exit 1',
  'c="nginx -t"; if $c; then systemctl restart nginx; fi',
  'if eval "nginx -t"; then systemctl restart nginx; fi',
  "bash -c 'systemctl restart nginx' || true",
  "bash -c 'systemctl restart nginx; true' || touch /x",
  "echo nginx | xargs systemctl restart || exit 1",
  "find . -exec test -f /a \\; -exec systemctl restart nginx \\;",
  "(systemctl restart nginx; echo up) >/etc/st; if [ $? = 0 ]; then :; fi",
  "set -e\nsystemctl restart nginx\necho up >/etc/st",
  "set -o pipefail\nsystemctl restart nginx 2>&1 | logger -s\nexit ${PIPESTATUS[0]}",
  "systemctl restart nginx 2>&1 | logger -s; echo $? >/etc/r",
  "systemctl restart nginx & wait",
  "sleep 1 & systemctl restart nginx; wait $!; exit $?",
  "out=$(systemctl restart nginx 2>&1) || exit 1",
  "local x=$(systemctl restart nginx) || touch /x",
  "if x=$(nginx -t); then systemctl restart nginx; fi",
  "for i in 1 2 3; do systemctl restart nginx && break; sleep 1; done",
  "if kill -0 $p; then kill -HUP $p; fi",
  "systemctl restart nginx || rc=1\nexit $rc",
  "systemctl restart nginx || rc=1\n[ $rc = 0 ] || { echo bad; exit 1; }",
  "systemctl restart nginx || systemctl status nginx",
  "set -eE\ntrap 'echo bad >>/etc/errors' ERR\nsystemctl restart nginx",
  "trap 'echo failed in line $LINENO' ERR\nsystemctl restart nginx",
  "trap 'echo bad >/etc/r' ERR\nsystemctl restart nginx || true",
  "trap 'echo bad >/etc/r; exit 1' ERR\nsystemctl restart nginx",
  "set -e\ntrap 'rm -rf /etc/x.tmp' EXIT\nsystemctl restart nginx",
  "set -e\ntrap 'rc=$?; rm -rf /etc/x.tmp; exit $rc' EXIT\nsystemctl restart nginx",
  "set -e\ntrap 'if [ $? != 0 ]; then rm -r /srv/new; echo failed; fi' EXIT\nsystemctl restart nginx",
  "if command -v systemctl >/dev/null; then systemctl restart nginx; fi",
  "case $1 in\n  a | b) systemctl restart nginx ;;\n  (c) systemctl reload nginx ;;\nesac",

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
  for (const [script, line, how] of [...DECIDES, ...DECIDES_BEHIND]) {
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
    const calls = "f() { g || g && g; }; g() { f; f; f; }; f || touch /x; x=$x$x; $x\n";
    for (
      const text of [
        calls,
        "( ",
        "{ if ",
        "x() ",
        "case a in (",
        "(",
        "$(",
        '"',
        "`",
        "<<",
        "\\",
        "<(${",
        "\n\n;;&",
        "((((\"'",
      ]
    ) {
      assertEquals(decidedBy(text.repeat(5000), EFFECTS), undefined, text);
    }
  });
});
