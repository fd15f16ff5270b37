import { assert, assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, type ImageType, newScene } from "../host/mod.ts";
import { readEntry } from "../host/entry.ts";
import { attributes } from "./support.ts";

/** Bash: one of each kind of file, in the current folder; what it makes is the same each time. */
const ONE_OF_EACH = [
  "echo plain >plain; echo setuid >setuid; chmod 4711 setuid; mkdir -m 3775 sticky",
  "echo caps >caps; chown 7:8 caps; setcap cap_net_raw+ep caps",
  "echo acl >acl; setfacl -m u:7:rw,g:8:r acl; mkdir default; setfacl -d -m u:7:rwx default",
  "echo xattr >xattr; setfattr -n user.a -v one xattr; setfattr -n user.b -v '' xattr",
  "echo hard >hard1; ln hard1 hard2; ln hard1 sticky/hard3; mkfifo -m 0640 fifo; chown 7 fifo",
  "ln -s nowhere link; chown -h 7:8 link; ln -s $'/new\\nline' oddlink; : >empty; chmod 0 empty",
  "echo n >$'new\\nline'; echo e >$'esc\\e[31m'; echo b >$'byte\\xff\\xfe'; mkdir $'dir\\x80'",
  "echo in >$'dir\\x80/in\\xc3'; ln -s $'byte\\xff' latin; echo s >' lead'; echo - >-rf; echo t >'t '",
  "truncate -s 1M holes; echo end >>holes; head -c 100000 /dev/zero | tr '\\0' x >big",
  "touch -d '2001-02-03 04:05:06.123456789' plain holes",
  "n=$(printf 'x%.0s' {1..255}); echo long >$n; chown -R 7:8 default; touch -hd 2001-01-01 link default",
].join("\n");

describeOnHost("what a script makes", () => {
  for (const type of ["tmpfs", "ext4", "xfs", "btrfs"] as (ImageType | "tmpfs")[]) {
    it(`survives the merge exactly: ${type}`, async () => {
      await using scene = await newScene({ root: type });
      const { host } = scene;
      host.mkdir("/srv/made");
      host.mkdir("/srv/expected");
      // The control, and the expectation: the same made without DISCO.
      await scene.sh(`cd /srv/expected\n${ONE_OF_EACH}`);
      const { result } = await scene.ball("a", `set -e; cd /srv/made\n${ONE_OF_EACH}`).dance()
        .ok();
      assert(result.changes.length > 25);

      const [made, expected] = ["made", "expected"].map((name) =>
        contentOf(`/proc/${host.pid}/root/srv/${name}`)
      );
      assertEquals(made, expected);
      const inode = (name: string) => host.lstat(`/srv/made/${name}`)!.ino;
      assertEquals([inode("hard2"), inode("sticky/hard3")], [inode("hard1"), inode("hard1")]);
      // Where it has a hole it takes no room.
      assert(Number(await host.run(["stat", "-c", "%b", "/srv/made/holes"])) < 1024);

      // A host with /usr on a disk of its own keeps a part of each generation there.
      await scene.ball("a", "find /srv -type f -exec cat {} +").dance()
        .changes().untouched(["/var/disco", "/usr/.disco"]).ok();
    });
  }

  it("keeps its inode where only attributes change", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await scene.sh("mkdir /srv/d; echo c >/srv/d/c");
    const inode = (name: string) => host.lstat(`/srv/d${name}`)!.ino;
    const before = ["", "/c"].map(inode);
    const script = "cd /srv/d; chown 7 c; setfattr -n user.x -v 1 c; chmod 0700 .";
    await scene.ball("a", script).dance().changes("@ /srv/d", "@ /srv/d/c").ok();
    assertEquals(["", "/c"].map(inode), before);
    assertEquals(attributes(host, "/srv/d/c"), "file 0644 7:0");
  });

  it("changes one name of a file only, where it changed one only", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await scene.sh("mkdir /srv/d; cd /srv/d; echo a >a; ln a b; echo c >c; ln c d");
    // Overlayfs parts the names of a file that is written to: so said, and so merged.
    await scene.ball("a", "cd /srv/d; chmod 0600 a; echo c >>c").dance()
      .changes("@ /srv/d/a", "~ /srv/d/c").ok()
      .leaves({ "/srv/d/c": "c\nc\n", "/srv/d/d": "c\n" });
    assertEquals(attributes(host, "/srv/d/a"), "file 0600 0:0");
    assertEquals(attributes(host, "/srv/d/b"), "file 0644 0:0");
  });

  it("is not merged where it is a socket, which is said", async () => {
    await using scene = await newScene();
    const socket = `import socket; socket.socket(socket.AF_UNIX).bind("/srv/socket")`;
    const perl =
      `use Socket; socket(S, PF_UNIX, SOCK_STREAM, 0); bind(S, sockaddr_un("/srv/socket"));`;
    const script =
      `perl -e '${perl}' || python3 -c '${socket}'; test -S /srv/socket; echo a >/srv/a`;
    const { result } = await scene.ball("a", script).dance().ok()
      .leaves({ "/srv/a": "a\n", "/srv/socket": null });
    assert(JSON.stringify(result.notSimulated).includes("/srv/socket"));
  });
});

describeOnHost("what a ball delivers", () => {
  it("lands behind the links of a merged /usr, which stay", async () => {
    await using scene = await newScene();
    const { host } = scene;
    const links = ["/bin", "/sbin", "/lib"].filter((path) => host.lstat(path)?.type === "symlink");
    const targets = links.map((path) => host.readlink(path));
    scene.balls({
      a: Object.fromEntries(links.map((path) => [`files${path}/disco-test`, `${path}\n`])),
      b: {
        "requires": "a",
        "templates/bin/disco-rendered.eta": "<%= it.ball %>\n",
        "scripts/10-do": "echo script >/bin/disco-script",
      },
    });
    await scene.dance().ok()
      .leaves({ "/usr/bin/disco-rendered": "b\n", "/usr/bin/disco-script": "script\n" });
    assertEquals(links.map((path) => host.readlink(path)), targets);
    for (const path of links) assertEquals(host.read(`/usr${path}/disco-test`), `${path}\n`);
    await scene.dance().changes().ok();
  });

  it("is refused where nothing is merged", async () => {
    await using scene = await newScene();
    for (const path of ["/var/run/x", "/run/x", "/tmp/x", "/proc/x", "/dev/x", "/etc/disco/x"]) {
      await scene.ball("a", { [`files${path}`]: "x\n" }).dance()
        .fails('Cannot deliver "', "is not part of what a ball can change").untouched();
    }
  });

  it("leaves directories that exist their owner and mode, and a link to one a link", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await scene.sh(
      "mkdir -m 2750 /srv/d; chown 7:8 /srv/d; mkdir -m 0700 /srv/real; ln -s real /srv/link",
    );
    scene.ball("a", {
      "files/srv/d/new/x": "x\n",
      "files/srv/link/y": "y\n",
      "files/etc/z": "z\n",
    });
    await host.run(["chmod", "-R", "g+w", "/run/universe/balls/a/files"]);
    const root = attributes(host, "/etc");
    await scene.dance().ok().leaves({ "/srv/real/y": "y\n" });
    assertEquals(attributes(host, "/srv/d"), "directory 2750 7:8");
    assertEquals(attributes(host, "/srv/real"), "directory 0700 0:0");
    assertEquals(host.readlink("/srv/link"), "real");
    assertEquals(attributes(host, "/etc"), root);
    assertEquals(attributes(host, "/srv/d/new/x"), "file 0664 0:0");
  });

  it("belongs to root, whoever owned it on the server", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.ball("a", { "files/srv/x": "x\n", "files/srv/d/y": "y\n" });
    await host.run(["chown", "-R", "1234:1234", "/run/universe"]);
    await scene.dance().ok();
    for (const path of ["/srv/x", "/srv/d/y"]) {
      assertEquals(attributes(host, path), "file 0644 0:0");
    }
    assertEquals(attributes(host, "/srv/d"), "directory 0755 0:0");
  });
});

/** Every path of a tree with all that can be seen of it; times of what the dance itself wrote aside. */
function contentOf(top: string, path = ""): string[] {
  const entry = readEntry(top + path)!;
  const isTimed = ["/plain", "/holes", "/link", "/default"].includes(path);
  const { names, mtime, ...rest } = entry;
  const line = Object.entries({ ...rest, mtime: isTimed ? mtime : "" }).map((pair) =>
    pair.join("=")
  );
  return [
    `${path} ${line.join(" ")}`,
    ...names.flatMap((name) => contentOf(top, `${path}/${name}`)),
  ];
}
