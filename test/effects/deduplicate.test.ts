import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { deduplicate, type Effect } from "../../lib/effects/mod.ts";

const effect = (line: string, more: Partial<Effect> = {}): Effect => ({
  ball: "a",
  script: "1",
  cwd: "/",
  argv: line.split(" "),
  ...more,
});

/** What is asked for, by lines; and which of these are left out. */
const CASES: readonly (readonly [what: string, asked: string, dropped: readonly number[]])[] = [
  [
    "one restart of a service, however many balls ask for it",
    "systemctl restart a; systemctl restart b; systemctl restart a; systemctl restart b",
    [2, 3],
  ],
  [
    "also with the reload of units that each of them asks for",
    "systemctl daemon-reload; systemctl restart a; systemctl daemon-reload; systemctl restart a",
    [2, 3],
  ],
  [
    "and however it is spelled",
    "systemctl restart a; systemctl -q restart a.service; service a restart; invoke-rc.d a restart",
    [1, 2, 3],
  ],
  ["a reload after the restart is one restart", "systemctl restart a; systemctl reload a", [1]],
  [
    "so are other actions that a restart includes",
    "systemctl restart a; systemctl try-restart a; systemctl reload-or-restart a; service a force-reload",
    [1, 2, 3],
  ],
  ["of several units together, too", "systemctl restart a b; systemctl reload b a", [1]],
  ["a restart after the reload is none", "systemctl reload a; systemctl restart a", []],
  ["nor a restart after a part", "systemctl try-restart a; systemctl restart a", []],
  ["nor one of more units", "systemctl restart a; systemctl restart a b", []],
  [
    "stop, change, start, stop ends stopped",
    "systemctl stop a; resize a; systemctl start a; systemctl stop a",
    [],
  ],
  ["stop and start are not one", "systemctl stop a; systemctl start a; systemctl stop a", []],
  [
    "starting another unit could start this one",
    "systemctl stop a; systemctl start b; systemctl stop a",
    [],
  ],
  [
    "what is asked for twice in a row is one",
    "ip link set x up; ip link set x up; kill 1; kill 1",
    [
      1,
      3,
    ],
  ],
  [
    "a restart with new unit files is another one",
    "systemctl restart a; systemctl daemon-reload; systemctl restart a",
    [],
  ],
  [
    "so it is with any command between",
    "systemctl restart a; sysctl -w a=1; systemctl restart a",
    [],
  ],
  ["or a stop", "systemctl restart a; systemctl stop b; systemctl restart a", []],
  ["or a reload of the same unit", "systemctl reload a; systemctl restart a; systemctl reload a", [
    2,
  ]],
  [
    "settings are read once, and restarts do not matter to that",
    "sysctl --system; systemctl restart a; sysctl --system; udevadm control --reload; sysctl --system",
    [2, 4],
  ],
  ["but other settings do", "sysctl --system; sysctl -w a=1; sysctl --system", []],
  [
    "an unknown option makes an unknown action",
    "systemctl restart a; systemctl --user restart a",
    [],
  ],
  [
    "a pattern of units is unknown",
    "systemctl restart a*; systemctl restart b; systemctl restart a*",
    [],
  ],
  ["words are not joined", "systemctl restart a; systemctl restart|a", []],
];

describe("repeated effects", () => {
  for (const [what, asked, dropped] of CASES) {
    it(`${what}: ${asked}`, () => {
      const effects = asked.split("; ").map((line) => effect(line)).map((one) => ({
        ...one,
        argv: one.argv.map((word) => word.replace("|", " ")),
      }));
      const left = effects.filter((_, i) => !dropped.includes(i));
      assertEquals(deduplicate(effects), left);
    });
  }

  it("are such only with the same folder, input and variables", () => {
    const plain = effect("nft -f -");
    const others: Partial<Effect>[] = [
      { cwd: "/srv" },
      { input: "eA==" },
      { input: "eQ==" },
      { environment: { A: "1" } },
      { environment: { A: "2" } },
    ];
    const effects = [plain, ...others.map((more) => ({ ...plain, ...more }))];
    assertEquals(deduplicate(effects), effects);
    assertEquals(deduplicate(effects.flatMap((one) => [one, { ...one, ball: "b" }])), effects);
    // The manager of services gets neither the folder nor the variables; some choose another manager.
    const restart = effect("systemctl restart a");
    const asked = [{ cwd: "/srv" }, { environment: { LC_ALL: "C" } }, {
      environment: { SYSTEMD_OFFLINE: "0" },
    }].map((more) => ({ ...restart, ...more }));
    assertEquals(deduplicate([restart, ...asked]), [restart, asked[2]!]);
  });

  it("are found among a thousand effects, and those of more are carried out", () => {
    const restarts = (count: number) =>
      Array.from({ length: count }, (_, i) => effect(`systemctl restart u${i}`));
    const twice = (count: number) => deduplicate([...restarts(count), ...restarts(count)]);
    assertEquals([twice(1000).length, twice(1001).length], [1000, 2002]);
  });
});
