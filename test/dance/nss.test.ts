import { assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, type ThrowawayHost } from "../host/mod.ts";

/** A name service of the host that knows one user and one group. */
function service(host: ThrowawayHost, first = ""): void {
  host.write(
    "/usr/bin/getent",
    `#!/bin/sh
[ "$1" != -s ] || shift 2
echo "$1 $2" >>/run/asked
${first}
case "$1 $2" in
  "passwd ldap.user" | "passwd 54321") echo "ldap.user:x:54321:54322::/home/l:/bin/sh" ;;
  "group ldap-group" | "group 54322") echo "ldap-group:x:54322:" ;;
  *) exit 2 ;;
esac
`,
    0o755,
  );
  host.write(
    "/etc/nsswitch.conf",
    "passwd: files [NOTFOUND=continue] ldap\ngroup:\tfiles ldap # both\n",
  );
}

const BALL = {
  "files/srv/x": "x\n",
  "files/srv/y": "y\n",
  "permissions": "0640 ldap.user ldap-group /srv/x\n",
};

describeOnHost("accounts that only a name service knows", () => {
  it("are known to permissions and to the report", async () => {
    await using scene = await newScene();
    const { host } = scene;
    service(host);
    const { result, stderr } = await scene.ball("a", BALL).dance();
    const after = result.changes.find(({ path }) => path === "/srv/x")?.after;
    assertEquals([after?.owner, after?.group], ["ldap.user", "ldap-group"], stderr);
    assertEquals([host.lstat("/srv/x")?.uid, host.lstat("/srv/x")?.gid], [54321, 54322]);
    assertEquals((await scene.ball("a", BALL).dance()).result.changes, []);
    // Each is asked once, and what is in the files never.
    const asked = host.read("/run/asked").trim().split("\n");
    assertEquals(asked.filter((line) => /root|^\w+ 0$/.test(line)), []);
  });

  it("are an error where nobody knows them, and where the service does not answer", async () => {
    await using scene = await newScene();
    const { host } = scene;
    service(host);
    const unknown = { ...BALL, permissions: "0640 nobody.here - /srv/x\n" };
    await scene.ball("a", unknown).dance().fails(
      'there is no user "nobody.here"',
    );
    service(host, "sleep 600");
    await scene.ball("a", BALL).dance().warns('there is no user "ldap.user"');
    // The control: without a service in nsswitch.conf nobody is asked.
    host.write("/etc/nsswitch.conf", "passwd: files\ngroup: files\n");
    await host.run(["rm", "/run/asked"]);
    assertStringIncludes(
      (await scene.ball("a", BALL).dance()).stderr,
      'there is no user "ldap.user"',
    );
    assertEquals(host.exists("/run/asked"), false);
  });
});
