import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { decidedElsewhere } from "../../lib/effects/mod.ts";

const EFFECTS = [["systemctl", "restart", "app"], ["update-grub"]];

const DECIDES: readonly [script: string, line: number][] = [
  ['if (system("systemctl restart app") == 0) {\n  open(F, ">/x");\n}', 1],
  ['if (system("systemctl", "restart", "app")) {\n  unlink "/x";\n}', 1],
  ['unless (system("systemctl restart app") == 0) {\n  unlink "/x";\n}', 1],
  ['my $rc = system("systemctl restart app");\nprint F "bad" if $rc;', 1],
  ['system("systemctl restart app") == 0 or open(F, ">/x");', 1],
  ['system("systemctl restart app") and unlink "/x";', 1],
  ['system("/usr/sbin/update-grub");\nif ($? != 0) { unlink "/x" }', 1],
  ['import os\nif os.system("systemctl restart app") != 0:\n    open("/x", "w")', 2],
  ['if os.system("systemctl restart app") == 0:\n    sys.exit(0)\nopen("/x", "w")', 1],
  ['if subprocess.call(["systemctl", "restart", "app"]):\n    print("bad")\n    open("/x")', 1],
  ['if subprocess.run(["systemctl", "restart", "app"]).returncode:\n    open("/x")', 1],
  [
    'r = subprocess.run(\n    ["systemctl", "restart", "app"],\n)\nif r.returncode:\n    open("/x")',
    1,
  ],
  ['rc = os.system("systemctl restart app")\nopen("/x").write("ok" if rc == 0 else "bad")', 1],
  ['p = subprocess.Popen(["systemctl", "restart", "app"])\nif p.wait() != 0:\n    open("/x")', 1],
  ['ok = system("systemctl restart app")\nFile.write("/x", "bad") unless ok', 1],
];

const DECIDES_NOTHING = [
  'system("systemctl restart app");',
  'system("systemctl restart app") == 0 or die;',
  'system("systemctl restart app") == 0\n  or die "no";',
  'system("systemctl restart app") and exit 1;',
  'if (system("systemctl restart app") != 0) {\n  die "no";\n}',
  'unless (system("systemctl restart app") == 0) {\n  warn "no";\n  exit 1;\n}',
  'my $rc = system("systemctl restart app");\nexit $rc >> 8;',
  'my $rc = system("systemctl restart app");\ndie "no" if $rc;',
  'if (-e "/x") {\n  system("systemctl restart app");\n}',
  'if (system("nginx -t") == 0) {\n  system("systemctl restart app");\n}',
  'system("update-grub");\ndie "no" if $?;',
  'subprocess.run(["systemctl", "restart", "app"], check=True)',
  'subprocess.check_call(["systemctl", "restart", "app"])',
  'sys.exit(os.system("systemctl restart app"))',
  'r = subprocess.run(["systemctl", "restart", "app"])\nif r.returncode != 0:\n    sys.exit(1)',
  'r = subprocess.run(["systemctl", "restart", "app"])\nprint("done")',
  '# if os.system("systemctl restart app"):\nos.system("systemctl restart app")',
  'if os.system("systemctl is-active app") == 0:\n    os.system("systemctl restart app")',
];

describe("decidedElsewhere()", () => {
  for (const [script, line] of DECIDES) {
    it(`finds what decides: ${JSON.stringify(script)}`, () => {
      assertEquals(decidedElsewhere(script, EFFECTS)?.line, line);
      // Control: it is the effect that decides, and not the form.
      assertEquals(decidedElsewhere(script, [["halt"]]), undefined);
    });
  }
  for (const script of DECIDES_NOTHING) {
    it(`finds nothing: ${JSON.stringify(script)}`, () => {
      assertEquals(decidedElsewhere(script, EFFECTS), undefined);
    });
  }
});
