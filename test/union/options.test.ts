import { assertEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { DiscoError } from "../../lib/error.ts";
import { escapeLower, overlayOptions } from "../../lib/union/options.ts";

const TOP = { upper: "upper/1/0", work: "work/1/0", isVolatile: false };
const PARTS = { lowers: [], live: "/", top: TOP };

describe("overlayOptions", () => {
  it("should name the layers, the last one first, and the live root below them", () => {
    assertEquals(
      overlayOptions({ ...PARTS, lowers: ["upper/2/0", "upper/1/0", "base/0"] }),
      "lowerdir=upper/2/0:upper/1/0:base/0:/,upperdir=upper/1/0,workdir=work/1/0," +
        "metacopy=on,redirect_dir=on,index=off",
    );
  });

  it("should have nothing to write to where it is only read", () => {
    assertEquals(
      overlayOptions({ lowers: ["upper/1/0"], live: "/", top: null }),
      "lowerdir=upper/1/0:/,metacopy=on,redirect_dir=on,index=off",
    );
  });

  it("should be volatile where that is wanted", () => {
    assertEquals(
      overlayOptions({ ...PARTS, top: { ...TOP, isVolatile: true } }).endsWith(",volatile"),
      true,
    );
    assertEquals(overlayOptions(PARTS).includes("volatile"), false);
  });

  it("should escape what would end a layer or an option", () => {
    assertEquals(escapeLower("/a:b,c\\d e=f\"'"), "/a\\:b\\,c\\\\d e=f\"'");
    assertEquals(
      overlayOptions({ ...PARTS, live: "/a:b,c" }).split(",upper")[0],
      "lowerdir=/a\\:b\\,c",
    );
  });

  it("should refuse what does not fit on a page", () => {
    const layers = (n: number) => Array.from({ length: n }, (_, i) => `upper/${i + 1}/0`);
    assertEquals(overlayOptions({ ...PARTS, lowers: layers(300) }).length < 4096, true);
    const refused = () => overlayOptions({ ...PARTS, lowers: layers(400) });
    assertThrows(refused, DiscoError, "400 layers do not fit");
  });

  it("should count the page in bytes", () => {
    const live = `/${"ü".repeat(2030)}`;
    assertThrows(() => overlayOptions({ ...PARTS, live }), DiscoError, "do not fit");
  });
});
