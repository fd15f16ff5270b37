/** What a command shows in the union while a waiting effect will change it. */
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene } from "../host/mod.ts";
import { stub, stubServices } from "./support.ts";

/** An effect, what is asked after it, and why that is not answered. */
const UNTRUE: readonly (readonly [effect: string, asks: string])[] = [
  ["hostname new", 'echo "Welcome to $(hostname)" >/etc/issue'],
  ["hostname new", 'x=$(uname -n) || true; echo "$x" >/etc/issue'],
  ["sysctl -w kernel.hostname=new", "hostname -s >/etc/issue"],
  ["mount -t tmpfs none /srv/x", "mountpoint -q /srv/x || touch /etc/not-mounted"],
  ["mount -t tmpfs none /srv/x", "mount | grep -q /srv/x || touch /etc/not-mounted"],
  ["modprobe dummy", "lsmod | grep -q dummy || touch /etc/no-dummy"],
  ["chattr +i /etc/issue", "lsattr -d /etc/issue | grep -q i || touch /etc/not-immutable"],
  ["systemctl restart web", "ss -ltn | grep -q :80 || touch /etc/no-web"],
  ["systemctl restart web", "journalctl -u web -n 5 | grep -q error || touch /etc/fine"],
];

/** What such an effect does not change; in their order. */
const TRUE: readonly (readonly [effect: string, asks: string])[] = [
  ["mount -t tmpfs none /srv/x", "mountpoint -q / && touch /etc/root-is-one"],
  ["chattr +i /etc/issue", "lsattr -d /etc/passwd >/etc/flags"],
  ["systemctl restart web", "hostname >/etc/name"],
  ["sysctl -w kernel.pid_max=70000", "hostname >/etc/name"],
  ["hostname new", "uname -r >/etc/release"],
];

describeOnHost("a command that shows what an effect will change", () => {
  it("fails its ball, instead of showing what the merge makes untrue", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stubServices(host);
    stub(host, "/usr/sbin/modprobe");
    stub(host, "/usr/sbin/lsmod");
    host.mkdir("/srv/x");
    for (const [effect, asks] of UNTRUE) {
      await scene.ball("a", `${effect}\n${asks}`).dryRun().fails("waits for the merge").changes();
    }
  });

  it("is answered where no effect that waits is about it, and in templates", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stubServices(host);
    host.mkdir("/srv/x");
    const scripts = TRUE.map((
      [effect, asks],
      i,
    ) => [`scripts/${i}`, `set -e\n${effect}\n${asks}\n`]);
    scene.ball("a", Object.fromEntries(scripts))
      .ball("b", { requires: "after a\n", "templates/etc/motd": "hostname -s\nuname -n\n" });
    await scene.dryRun()
      .changes("+ /etc/flags", "~ /etc/motd", "+ /etc/name", "+ /etc/release", "+ /etc/root-is-one")
      .ok();
  });

  it("ends a script that waits for an answer that does not come", async () => {
    await using scene = await newScene();
    stub(scene.host, "/usr/bin/systemctl");
    const script = "systemctl start web\nuntil systemctl is-active --quiet web; do :; done\n";
    await scene.ball("a", { "scripts/1": script, "files/etc/a": "a\n" }).dance()
      .fails('asked "systemctl is-active --quiet web" again and again')
      .leaves({ "/etc/a": null });
  });
});
