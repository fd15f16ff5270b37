import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { bytesOf, copyAttributes, getXattr, listXattr, lstat } from "../../lib/posix/mod.ts";
import { readXattrs, removeXattr, setXattr, writeXattrs } from "../../lib/posix/mod.ts";
import { Folder } from "./folder.ts";

/** Owner, mode, ACL, capabilities and user attributes, as their own tools show them. */
function look(folder: Folder, name: string): string {
  return folder.sh(
    `stat -c '%a %u %g %.9Y' ${name}; getfacl -cp ${name}; getcap -n ${name} | cut -d' ' -f2-; ` +
      `getfattr -d ${name} 2>/dev/null | tail -n +2`,
  );
}

describe("extended attributes", () => {
  it("should be set, listed, read and removed", () => {
    using folder = new Folder();
    folder.sh("touch x");
    const path = folder.at("x");
    setXattr(path, "user.b", bytesOf("2"));
    setXattr(path, "user.a", new Uint8Array([0, 255]));
    setXattr(path, "user.empty", new Uint8Array());
    assertEquals(listXattr(path), ["user.a", "user.b", "user.empty"]);
    assertEquals(getXattr(path, "user.a"), new Uint8Array([0, 255]));
    assertEquals(getXattr(path, "user.empty"), new Uint8Array());
    removeXattr(path, "user.b");
    removeXattr(path, "user.b");
    assertEquals(getXattr(path, "user.b"), undefined);
  });

  it("should be a link's own", () => {
    using folder = new Folder();
    folder.sh("touch x; ln -s x l");
    setXattr(folder.at("l"), "trusted.t", bytesOf("1"));
    assertEquals([listXattr(folder.at("l")), listXattr(folder.at("x"))], [["trusted.t"], []]);
  });

  it("should leave out overlayfs' own, which must never reach a live root", () => {
    using folder = new Folder();
    folder.sh("touch x");
    for (const name of ["trusted.overlay.metacopy", "user.overlay.opaque", "user.mine"]) {
      setXattr(folder.at("x"), name, bytesOf("y"));
    }
    assertEquals([...readXattrs(folder.at("x")).keys()], ["user.mine"]);
    writeXattrs(folder.at("x"), new Map());
    assertEquals(listXattr(folder.at("x")), ["trusted.overlay.metacopy", "user.overlay.opaque"]);
  });

  it("should be found on a path that is too long for one call", () => {
    using folder = new Folder();
    folder.sh(
      "n=$(printf 'd%.0s' {1..200}); for i in {1..30}; do mkdir $n; cd $n; done; touch x; " +
        "setfattr -n user.a -v 1 x",
    );
    const path = folder.at(`${Array(30).fill("d".repeat(200)).join("/")}/x`);
    assertEquals(listXattr(path), ["user.a"]);
    assertEquals(getXattr(path, "user.a"), bytesOf("1"));
  });
});

describe("copyAttributes", () => {
  const sources: [what: string, script: string][] = [
    ["setuid, setgid and sticky bits of another owner", "touch a; chown 12:34 a; chmod 7755 a"],
    ["capabilities", "touch a; chown 12 a; setcap cap_net_bind_service=ep a"],
    ["an ACL", "touch a; chmod 640 a; setfacl -m u:12:rwx,g:34:r,m::r a"],
    ["a default ACL", "mkdir a; setfacl -m d:u:12:rwx,u:5:r a; chmod g+s a"],
    ["attributes of users", "touch a; setfattr -n user.x -v 'a b' a; setfattr -n user.y a"],
    ["no rights at all", "touch a; chmod 0 a"],
  ];
  for (const [what, script] of sources) {
    it(`should copy ${what}`, () => {
      using folder = new Folder();
      folder.sh(`${script}; touch -d @1234567890.987654321 a; [ -d a ] && mkdir b || touch b`);
      folder.sh("setfattr -n user.left -v over b; setfacl -m u:99:r b");
      const before = look(folder, "b");
      copyAttributes(folder.at("a"), lstat(folder.at("a"))!, folder.at("b"));
      assertEquals(look(folder, "b"), look(folder, "a"));
      assert(before !== look(folder, "b"), "control: they differed before");
    });
  }

  it("should copy a link's owner and time, not its target's", () => {
    using folder = new Folder();
    folder.sh("touch x; ln -s x a; chown -h 5:6 a; touch -h -d @5.5 a; ln -s x b");
    copyAttributes(folder.at("a"), lstat(folder.at("a"))!, folder.at("b"));
    assertEquals(folder.sh("stat -c '%u %g %.9Y' b"), "5 6 5.500000000\n");
    assertEquals(folder.sh("stat -c '%u %g' x"), "0 0\n");
  });
});
