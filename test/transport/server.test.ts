import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { DiscoError } from "../../lib/error/mod.ts";
import { addressOf, parseLayout } from "../../lib/transport/address.ts";
import { parseServer } from "../../lib/transport/server.ts";

describe("the address of a server", () => {
  const forms: [address: string, ballInTree: string][] = [
    ["/srv/disco", "/srv/disco/balls/web"],
    ["/srv/disco/", "/srv/disco/balls/web"],
    ["/srv/a b:c", "/srv/a b:c/balls/web"],
    ["file:///srv/disco", "/srv/disco/balls/web"],
    ["file://localhost/srv/a%20b/", "/srv/a b/balls/web"],
    ["file:/srv/disco", "/srv/disco/balls/web"],
    ["rsync://host/disco", "rsync://host/disco/balls/web"],
    ["rsync://me@host:8730/disco/deep/er/", "rsync://me@host:8730/disco/deep/er/balls/web"],
    ["rsync://[::1]:8730/disco", "rsync://[::1]:8730/disco/balls/web"],
    ["host::disco/deep", "rsync://host/disco/deep/balls/web"],
    ["me@host.example.org:/srv/disco", "me@host.example.org:/srv/disco/balls/web"],
    ["host:/", "host:/balls/web"],
    ["ssh://me@host:2222/srv/disco", "me@host:/srv/disco/balls/web"],
  ];
  for (const [address, expected] of forms) {
    it(`leads from ${address} to ${expected}`, () => {
      const server = parseServer(address);
      assertEquals(addressOf(server, parseLayout(undefined, server), "balls", "web"), expected);
    });
  }

  it("keeps an ssh port apart", () => {
    assertEquals(parseServer("ssh://me@host:2222/srv"), {
      kind: "ssh",
      host: "me@host",
      port: "2222",
      path: "/srv",
    });
  });

  it("knows the original's layout: a module a ball", () => {
    const server = parseServer("rsync://host");
    const layout = parseLayout("modules", server);
    assertEquals(addressOf(server, layout, "balls", "web"), "rsync://host/web");
    assertEquals(addressOf(server, layout, "parameters", "web1"), "rsync://host/parameters/web1");
  });

  const bad: [address: string, why: string][] = [
    ["", "it is empty"],
    ["-e sh", 'it begins with "-"'],
    ["/srv\n/disco", "it holds a control character"],
    ["http://host/disco", "rsync cannot fetch from there"],
    ["https://host/a/b.git", "rsync cannot fetch from there"],
    ["git://host/a", "rsync cannot fetch from there"],
    ["git@host:a/b.git", "rsync cannot fetch from there"],
    ["git@host:/a/b", "rsync cannot fetch from there"],
    ["me@host:/a/b.git", "rsync cannot fetch from there"],
    ["file://host/srv", "its form is unknown"],
    ["file:///srv/%2", "a % in it is not followed by two hexadecimal digits"],
    ["file:///srv/%0a", "it holds a control character"],
    ["host:srv", "its form is unknown"],
    ["-oProxyCommand=x@host:/srv", 'it begins with "-"'],
    ["me@-oProxyCommand=x:/srv", "its form is unknown"],
    ["ssh://-oProxyCommand=x/srv", "its form is unknown"],
    ["host:/srv/$(reboot)", "its path holds a special character"],
    ["host:/srv/*", "its path holds a special character"],
    ["host::disco/../etc", 'its path holds ".."'],
    ["host::-disco", 'a part of its path begins with "-"'],
    ["rsync://host:0/disco", "there is no port 0"],
    ["rsync://host:70000/disco", "there is no port 70000"],
  ];
  for (const [address, why] of bad) {
    it(`refuses ${JSON.stringify(address)}`, () => {
      const error = assertThrows(() => parseServer(address), DiscoError);
      assertEquals(error.message, `Cannot use ${JSON.stringify(address)} as server: ${why}`);
      assertEquals(error.code, 3);
    });
  }

  it("says what to do with a repository of git", () => {
    const error = assertThrows(() => parseServer("git@host:a/b.git"), DiscoError);
    assertStringIncludes(error.hint!, "clone it (git clone, git pull), and give the path");
  });

  const badLayouts: [address: string, layout: string | undefined, message: string][] = [
    ["rsync://host", undefined, 'Cannot use server "host": the address names no rsync module'],
    [
      "rsync://host/disco",
      "modules",
      'Cannot use setting "disco/server/layout" = "modules": it needs an rsync daemon',
    ],
    [
      "/srv",
      "modules",
      'Cannot use setting "disco/server/layout" = "modules": it needs an rsync daemon',
    ],
    ["/srv", "flat", 'Cannot use setting "disco/server/layout" = "flat": unknown layout'],
  ];
  for (const [address, layout, message] of badLayouts) {
    it(`refuses layout ${layout} for ${address}`, () => {
      const error = assertThrows(() => parseLayout(layout, parseServer(address)), DiscoError);
      assertEquals(error.message, message);
    });
  }
});
