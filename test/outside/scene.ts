/**
 * The host that is attacked: a user with a file system of its own as home, file systems two levels
 * deep, and files that nobody may read, change or delete.
 *
 * @module
 */
import { type HostOptions, newScene, type ThrowawayHost } from "../host/mod.ts";

/** The content of what must not be shown. */
export const SECRET = "s3cr3t-of-the-host";

/** What must be as it was whatever happens, with everything below it. */
export const PRECIOUS = ["/etc/precious", "/root", "/usr", "/opt/tree", "/etc/shadow", "/mnt/data"];

/** Bash that makes it. */
export const SCENE = `
echo 'alice:x:1000:1000::/home/alice:/bin/sh' >>/etc/passwd
echo 'alice:x:1000:' >>/etc/group
mkdir -p /home/alice /media /mnt/data /opt/tree/below /root/.ssh /run/secret
mount -t tmpfs -o mode=0755,uid=1000,gid=1000 home /home/alice
mount -t tmpfs -o mode=0755,uid=1000,gid=1000 media /media
mount -t tmpfs data /mnt/data
mkdir /mnt/data/inner && mount -t tmpfs inner /mnt/data/inner
echo one >/mnt/data/one; echo two >/mnt/data/inner/two
echo precious >/etc/precious; touch -d @1000000000 /etc/precious
echo key >/root/.ssh/authorized_keys
echo ${SECRET} >/root/secret; chmod 600 /root/secret
echo ${SECRET} >/run/secret/token; chmod 700 /run/secret; chmod 600 /run/secret/token
echo ${SECRET} >/opt/tree/secret; chmod 600 /opt/tree/secret; echo b >/opt/tree/below/b
echo 'mallory:${SECRET}:19000:0:99999:7:::' >>/etc/shadow
`;

/** A host that is ready to be attacked; `more` is bash. */
export async function attackedHost(more = "", options: HostOptions = {}): Promise<ThrowawayHost> {
  const scene = await newScene(options);
  await scene.sh(SCENE + more);
  return scene.host;
}

/** The words that run a program as the user. */
export const ALICE = ["setpriv", "--reuid=1000", "--regid=1000", "--clear-groups", "--"];
