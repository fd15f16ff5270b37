import { assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, throwawayHost } from "../host/mod.ts";

/** Each opens or asks for something of the host, and would harm nothing if it were let through. */
const ATTEMPTS: readonly (readonly [name: string, command: string])[] = [
  ["open a kernel setting for writing", ": >>/proc/sys/kernel/pid_max"],
  ["make a user namespace", "unshare --user true"],
  ["make a mount namespace", "unshare --mount true"],
  ["make a block device", "mknod /srv/disk b 254 0"],
  ["read the log of the kernel", "dmesg"],
  ["rename the machine", ": >>/proc/sys/kernel/hostname"],
  ["see a parent outside", "test \"$(cut -d' ' -f4 /proc/1/stat)\" != 0"],
  ["write below /sys", ": >>/sys/kernel/uevent_seqnum"],
  ["write the state of DISCO", ": >>/var/disco/delivered.json"],
  ["change a parameter", ": >>/var/disco/parameters/n/modules/a"],
];

const OWN = ["--server", "/srv/u", "--node", "n"];

describeOnHost("the sandbox", () => {
  it("lets none of these through", async () => {
    await using host = await throwawayHost();
    const lines = ATTEMPTS.map(([name, command]) =>
      `if { ${command}; } >/dev/null 2>&1; then echo 'LET THROUGH: ${name}'; else echo 'refused: ${name}'; fi`
    );
    host.write("/srv/u/parameters/n/modules/a", "");
    host.write("/srv/u/balls/a/lib/all", lines.join("\n"));
    // A script that goes on after a refusal fails its ball; one that it calls may go on.
    host.write("/srv/u/balls/a/scripts/1", 'bash -c "$(cat "${0%/*}/../lib/all")"\n');
    const { stdout } = await host.disco("dance", "--noop", ...OWN);
    const found = stdout.split("\n").filter((line) => /LET THROUGH|refused:/.test(line));
    assertEquals(found.filter((line) => line.includes("LET THROUGH")), []);
    assertEquals(found.length, ATTEMPTS.length);
  });

  it("would let the kernel's settings be opened without its guard: the control", async () => {
    await using host = await throwawayHost();
    const walls = [
      "bwrap",
      "--bind",
      "/",
      "/",
      "--unshare-pid",
      "--proc",
      "/proc",
      "--dev",
      "/dev",
    ];
    const { code } = await host.exec([...walls, "sh", "-c", ": >>/proc/sys/kernel/pid_max"]);
    assertEquals(code, 0);
  });

  it("answers questions truly, and puts off what acts on the system", async () => {
    await using host = await throwawayHost();
    host.write("/srv/u/parameters/n/modules/a", "");
    host.write("/srv/u/balls/a/scripts/1", "sysctl -n kernel.ostype\nsystemctl restart x\n");
    const { stdout, stderr } = await host.disco("dance", "--noop", ...OWN);
    assertStringIncludes(stdout, "a/1: Linux");
    assertStringIncludes(stderr, "Would execute: systemctl restart x");
  });
});
