import { assert, assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene } from "../host/mod.ts";

describeOnHost("questions about disks", () => {
  it("are answered by the host, in a dry run", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await host.mountImage("/mnt/disk", "ext4");
    const device = (await host.run(["findmnt", "-no", "SOURCE", "/mnt/disk"])).trim();
    scene.live({ "/run/secret": "no device" });
    const questions = [
      `blkid -o value -s UUID ${device}`,
      `blkid ${device}`,
      `blkid -p -o export ${device}`,
      `lsblk -nro NAME,SIZE,MOUNTPOINT ${device}`,
      "df -P /mnt/disk",
      "df --output=source,size,target /",
      "df --output=size,target /srv",
      "findmnt -no SOURCE /mnt/disk",
      // Without what DISCO has mounted, or made of the options of mounts, for the dance.
      "findmnt -no OPTIONS /mnt/disk",
      "findmnt -rno TARGET,OPTIONS",
      "mount",
      "df -a --output=target",
    ];
    const script = questions.map((line, i) => `${line} >/srv/${i}`).join("\n") + `
echo "UUID=$(blkid -o value -s UUID ${device}) /data ext4 defaults 0 2" >>/etc/fstab`;
    const dry = await scene.ball("a", `set -e\n${script}`).dryRun().ok();
    for (const [i, line] of questions.entries()) {
      const said = dry.result.changes.find(({ path }) => path === `/srv/${i}`)?.diff ?? "";
      const lines = said.split("\n").slice(3).map((text) => text.slice(1)).join("\n");
      assertEquals(lines.trimEnd(), (await host.run(line.split(" "))).trimEnd(), line);
    }
    const fstab = dry.result.changes.find(({ path }) => path === "/etc/fstab")!.diff!;
    assert(/^\+UUID=[0-9a-f-]{36} \/data/m.test(fstab), fstab);
  });

  it("has one device for the files and folders of a disk, so that du -x counts them", async () => {
    await using scene = await newScene({ root: "ext4" });
    await scene.sh("mkdir /srv/d; head -c 3000000 /dev/zero | tr '\\0' x >/srv/d/f");
    const script =
      "du -sxk /srv/d | cut -f 1 >/etc/size; stat -c %d /srv/d /srv/d/f /etc | uniq | " +
      "wc -l >/etc/devices; echo x >/etc/new; stat -c %d /etc/new /etc | uniq | wc -l >>/etc/devices";
    const size = await scene.sh("du -sxk /srv/d | cut -f 1");
    await scene.ball("a", script).dance().ok()
      .leaves({ "/etc/size": size, "/etc/devices": "1\n1\n" });
  });

  it("about an image in a file are answered in the union, which may have made it", async () => {
    await using scene = await newScene();
    const uuid = "6f2b3d0e-54f1-4a1b-8c77-1f3a3c1f0001";
    const script = `set -e; truncate -s 8M /srv/disk; mkfs.ext4 -q -U ${uuid} /srv/disk
      blkid -s UUID -o value /srv/disk >/srv/by-name; cd /srv
      /usr/sbin/blkid -s UUID -o value disk >/srv/by-path; cp -a /srv/disk /tmp/x`;
    await scene.ball("a", script).dance().ok()
      .leaves({ "/srv/by-name": `${uuid}\n`, "/srv/by-path": `${uuid}\n` });
  });

  it("are refused where they would do more than ask", async () => {
    await using scene = await newScene();
    const lines = [
      "blkid -c /srv/cache",
      "blkid -g",
      "/run/disco/bin/disco-ask blkid /etc/shadow",
      "blkid /dev/../etc/shadow",
    ];
    const script = lines.map((line) => `${line} && echo ran=${line} >>/srv/x`).join("\n");
    const { result } = await scene.ball("a", `${script}\ntrue`).dryRun().changes();
    assertEquals(result.notSimulated.length, 4);
  });
});
