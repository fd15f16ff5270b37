/**
 * What a file carries besides its content survives every change that does not mean it.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { Machine } from "./machine.ts";
import { assertDanced, danceBall, type GetMachine, itOnMachine } from "./support.ts";

/** Register the tests. */
export function metadataCases(machine: GetMachine): void {
  itOnMachine("a ball that appends to a file keeps its attributes", async () => {
    await machine().bash(`echo one >/etc/noted; setfattr -n user.note -v kept /etc/noted`);
    const live = await danceBall(machine(), { "scripts/append": "echo two >>/etc/noted" });
    assertDanced(live);
    assertEquals(await machine().run(["cat", "/etc/noted"]), "one\ntwo\n");
    assertEquals(await attribute(machine(), "/etc/noted", "user.note"), "kept");
    const [change] = live.result.changes;
    assertEquals(change?.before?.xattrs, change?.after?.xattrs);
  });

  itOnMachine("a ball that appends to a file in a folder with attributes keeps both", async () => {
    await machine().bash(`mkdir /etc/box; echo one >/etc/box/file
      setfattr -n user.note -v kept /etc/box; setfattr -n user.note -v kept /etc/box/file`);
    assertDanced(
      await danceBall(machine(), {
        "scripts/change": "echo two >>/etc/box/file; mv /etc/box /etc/case; chmod 700 /etc/case",
      }),
    );
    assertEquals(await attribute(machine(), "/etc/case", "user.note"), "kept");
    assertEquals(await attribute(machine(), "/etc/case/file", "user.note"), "kept");
  });

  itOnMachine("a ball can set attributes of users", async () => {
    assertDanced(
      await danceBall(machine(), {
        "scripts/note": "touch /etc/noted; setfattr -n user.note -v new /etc/noted",
      }),
    );
    assertEquals(await attribute(machine(), "/etc/noted", "user.note"), "new");
  });

  itOnMachine("access lists and capabilities survive, and can be set", async () => {
    await machine().bash(`echo one >/etc/old; setfacl -m u:daemon:r /etc/old
      cp /bin/true /usr/local/bin/old; setfattr -n security.capability -v ${CAPABILITY} $_`);
    assertDanced(
      await danceBall(machine(), {
        "scripts/change": `echo two >>/etc/old; chmod g+w /usr/local/bin/old
          touch /etc/new; setfacl -m u:daemon:r /etc/new
          cp /bin/true /usr/local/bin/new
          setfattr -n security.capability -v ${CAPABILITY} /usr/local/bin/new`,
      }),
    );
    for (const file of ["/etc/old", "/etc/new"]) {
      await machine().bash(`getfacl -p ${file} | grep -x user:daemon:r--`);
    }
    for (const file of ["/usr/local/bin/old", "/usr/local/bin/new"]) {
      await machine().bash(`getfattr -n security.capability -e hex ${file} | grep ${CAPABILITY}`);
    }
  });

  itOnMachine("a change of mode alone keeps content, inode and times", async () => {
    const look = ["stat", "-c", "%i %Y %s", "/opt/large"];
    await machine().bash("head -c 8M /dev/urandom >/opt/large");
    const [sum, before] = [await sumOf(machine()), await machine().run(look)];
    assertDanced(await danceBall(machine(), { "scripts/mode": "chmod 600 /opt/large" }));
    assertEquals([await sumOf(machine()), await machine().run(look)], [sum, before]);
    assertEquals(await machine().run(["stat", "-c", "%a", "/opt/large"]), "600\n");
  });

  itOnMachine("folders of the system can be renamed and removed", async () => {
    await machine().bash("mkdir -p /opt/a/b /opt/c; echo x >/opt/a/b/x; echo y >/opt/c/y");
    assertDanced(
      await danceBall(machine(), { "scripts/move": "mv /opt/a /opt/moved; rm -r /opt/c" }),
    );
    assertEquals(
      await machine().run(["find", "/opt", "-mindepth", "1", "-printf", "%P "]),
      "moved moved/b moved/b/x ",
    );
    assertEquals((await machine().disco("rollback")).code, 0);
    assertEquals(await machine().run(["cat", "/opt/a/b/x", "/opt/c/y"]), "x\ny\n");
  });
}

/** cap_net_raw=ep, as the file system keeps it. */
const CAPABILITY = "0x0100000200200000000000000000000000000000";

async function attribute(machine: Machine, path: string, name: string): Promise<string> {
  const { stdout } = await machine.exec(["getfattr", "--only-values", "-n", name, path]);
  return stdout;
}

async function sumOf(machine: Machine): Promise<string> {
  return await machine.run(["sha256sum", "/opt/large"]);
}
