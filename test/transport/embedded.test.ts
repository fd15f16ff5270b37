import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { describe, it } from "@std/testing/bdd";
import { DiscoError } from "../../lib/error/mod.ts";
import { embeddedNode, embeddedUniverse } from "../../lib/transport/embedded.ts";
import { temporaryFolder, writeFiles } from "../ball/files.ts";
import { contents, snapshot } from "./universe.ts";

const UNIVERSE = {
  "universe/balls/hello/files/etc/hello": "hello\n",
  "universe/balls/hello/files/etc/link": { link: "hello" },
  "universe/parameters/default/modules/hello": "",
};

describe("the embedded universe", () => {
  it("lies beside the sources", () => {
    const path = embeddedUniverse("/nowhere");
    assert(Deno.statSync(join(path, "balls/hello")).isDirectory);
  });

  it("lies beside a bundle", () => {
    using folder = temporaryFolder();
    writeFiles(folder.path, UNIVERSE);
    assertEquals(embeddedUniverse("/nowhere", false, folder.path), join(folder.path, "universe"));
  });

  it("is copied out of a compiled binary, and only what differs is written again", () => {
    using folder = temporaryFolder();
    writeFiles(folder.path, UNIVERSE);
    const copy = join(folder.path, "copy");
    const original = contents(join(folder.path, "universe"));
    assertEquals(embeddedUniverse(copy, true, folder.path), copy);
    assertEquals(contents(copy), original);

    Deno.removeSync(join(copy, "balls/hello/files/etc/link"));
    writeFiles(copy, { "balls/hello/files/etc/hello": "jello\n", "balls/extra/x": "" });
    embeddedUniverse(copy, true, folder.path);
    assertEquals(contents(copy), original);

    const before = snapshot(copy);
    embeddedUniverse(copy, true, folder.path);
    assertEquals(snapshot(copy).filter(isFile), before.filter(isFile));
  });

  it("of a build that has none is an error", () => {
    const error = assertThrows(() => embeddedUniverse("/x", false, "/nowhere/at/all"), DiscoError);
    assertEquals(error.message, "Cannot find the embedded universe: this build has none");
  });

  it("takes a node that it does not list for the node default", () => {
    using folder = temporaryFolder();
    writeFiles(folder.path, UNIVERSE);
    const universe = join(folder.path, "universe");
    assertEquals(embeddedNode(universe, "web1.example.org"), "default");
    writeFiles(universe, { "parameters/web1.example.org/x": "" });
    assertEquals(embeddedNode(universe, "web1.example.org"), "web1.example.org");
  });
});

function isFile(line: string): boolean {
  return line.endsWith('"');
}
