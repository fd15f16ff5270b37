/**
 * The units of systemd that finish at boot what was cut off.
 *
 * @module
 */
import type { BootUnit, BootUnitOptions } from "./init_system.ts";

const FOLDER = "/etc/systemd/system";
/** The unit that finishes merges early at boot. */
const RECOVER = "disco-recover.service";

/** What a unit says of its place in the boot. */
interface Row {
  readonly name: string;
  readonly description: string;
  readonly wantedBy: string;
  readonly order: readonly string[];
  readonly words: readonly string[];
}

const ROWS: readonly Row[] = [
  {
    // As soon as the root file system is writable: a wrong fstab keeps local-fs.target from being
    // reached, and that is what the deadline of a confirmation is for.
    name: RECOVER,
    description: "Finish DISCO merges that were cut off, and undo unconfirmed ones",
    wantedBy: "local-fs.target",
    order: [
      "After=systemd-remount-fs.service",
      "Before=local-fs.target sysinit.target shutdown.target",
    ],
    words: ["--early", "--wait"],
  },
  {
    name: "disco-recover-others.service",
    description: "Finish DISCO merges to file systems besides the root",
    wantedBy: "sysinit.target",
    // In emergency mode the target is not waited for.
    order: [
      `After=${RECOVER} local-fs.target`,
      "Before=sysinit.target shutdown.target",
    ],
    words: ["--early", "--wait"],
  },
  {
    // Services are started and restarted only when nothing waits for this unit any more. Without the
    // default dependencies the target does not wait for what it wants; see systemd.target(5).
    name: "disco-due.service",
    description: "Carry out what DISCO dances have left to be done",
    wantedBy: "multi-user.target",
    order: [
      "Requires=sysinit.target",
      "After=sysinit.target multi-user.target",
      "Before=shutdown.target",
    ],
    words: ["--wait"],
  },
];

/** The units' texts. They begin nothing where nothing is due. */
export function bootUnits({ argv, state }: BootUnitOptions): BootUnit[] {
  const programs = argv.filter((word) => word.startsWith("/"));
  return ROWS.map(({ name, description, wantedBy, order, words }) => ({
    name,
    path: `${FOLDER}/${name}`,
    links: [{ path: `${FOLDER}/${wantedBy}.wants/${name}`, target: `../${name}` }],
    // The first version had its one unit before sysinit.target.
    stale: name === RECOVER ? [`${FOLDER}/sysinit.target.wants/${name}`] : [],
    text: `[Unit]
Description=${description}
DefaultDependencies=no
RequiresMountsFor=${[state, ...programs].map(quote).join(" ")}
${order.join("\n")}
Conflicts=shutdown.target
ConditionDirectoryNotEmpty=${state}/due

[Service]
Type=oneshot
ExecStart=${[...argv, ...words].map(quote).join(" ")}

[Install]
WantedBy=${wantedBy}
`,
  }));
}

/** systemd.service(5): quotes, backslashes and specifiers. */
function quote(word: string): string {
  const escaped = word.replaceAll("%", "%%").replaceAll("$", "$$$$");
  return /^[A-Za-z0-9@%+=:,./_$-]+$/.test(escaped)
    ? escaped
    : `"${escaped.replaceAll(/["\\]/g, (c) => `\\${c}`)}"`;
}
