import { assert, assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, throwawayHost } from "../host/mod.ts";

const OWN = ["--server", "/srv/u", "--node", "n"];

/** Each would change the kernel or the network of the host, if it were answered with root's rights. */
const DISGUISED = [
  "sysctl -Nqp/srv/conf",
  "ip a a 192.0.2.9/32 dev lo",
  "/run/disco/bin/disco-ask sysctl -eNp/srv/conf",
  "/run/disco/bin/disco-ask sysctl --pattern . -e -Nqp/srv/conf",
];

describeOnHost("a question to the host", () => {
  it("should be answered, and change nothing whatever it is in truth", async () => {
    await using host = await throwawayHost();
    host.write("/srv/conf", "net.ipv4.ip_forward = 1\n");
    host.write("/srv/u/parameters/n/modules/a", "");
    const question = "sysctl -n kernel.ostype";
    // A script of its own that went on would fail the ball; one that it calls may.
    host.write("/srv/u/balls/a/lib/all", [...DISGUISED, question].join(" || :\n") + "\n");
    host.write("/srv/u/balls/a/scripts/1", 'bash -c "$(cat "${0%/*}/../lib/all")"\n');
    const before = await host.kernel();
    const { code, stdout, stderr } = await host.disco("dance", "--noop", ...OWN);
    assertEquals([code, stdout.includes("a/1: Linux")], [0, true], stderr);
    const setting = "/proc/sys/net/ipv4/ip_forward:";
    const forwarding = (lines: string[]) => lines.filter((line) => line.startsWith(setting));
    const after = await host.kernel();
    assertEquals(forwarding(after), forwarding(before));
    assertEquals(after.filter((line) => line.includes("192.0.2.9")), []);
    // The control: root of the host can do it.
    await host.run(["sysctl", "-Nqp/srv/conf"]);
    assert(forwarding(await host.kernel())[0] !== forwarding(before)[0]);
  });
});
