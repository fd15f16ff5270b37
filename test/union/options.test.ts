import { assertEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { DiscoError } from "../../lib/error/mod.ts";
import { overlayOptions, overlayParameters, splitLayers } from "../../lib/union/options.ts";

const LIVE = "/proc/thread-self/fd/9";
const TOP = { upper: "upper/1/0", work: "work/1/0", isVolatile: false };
const PARTS = { lowers: [], live: LIVE, top: TOP };

const layers = (n: number) => Array.from({ length: n }, (_, i) => `upper/${i + 1}/0`);

describe("overlayParameters", () => {
  it("should name the layers one by one, the last one first, and the live root below them", () => {
    assertEquals(
      overlayParameters({ ...PARTS, lowers: ["upper/2/0", "base/0"] }),
      [
        ["lowerdir+", "upper/2/0"],
        ["lowerdir+", "base/0"],
        ["lowerdir+", LIVE],
        ["upperdir", "upper/1/0"],
        ["workdir", "work/1/0"],
        ["metacopy", "on"],
        ["redirect_dir", "on"],
        ["index", "off"],
        ["xino", "on"],
      ],
    );
  });

  it("should have nothing to write to where it is only read, and options without a value", () => {
    assertEquals(
      overlayParameters({ lowers: ["upper/1/0"], live: null, top: null }, "userxattr"),
      [["lowerdir+", "upper/1/0"], ["userxattr", true]],
    );
  });

  it("should refuse more layers than overlayfs takes", () => {
    assertEquals(overlayParameters({ ...PARTS, lowers: layers(499) }).length, 506);
    const refused = () => overlayParameters({ ...PARTS, lowers: layers(500) });
    assertThrows(refused, DiscoError, "501 balls have changed something at one place");
  });
});

describe("overlayOptions", () => {
  it("should say the same in a line", () => {
    const parameters = overlayParameters({ ...PARTS, lowers: ["upper/2/0", "base/0"] });
    assertEquals(
      overlayOptions(parameters),
      `lowerdir=upper/2/0:base/0:${LIVE},upperdir=upper/1/0,workdir=work/1/0,` +
        "metacopy=on,redirect_dir=on,index=off,xino=on",
    );
  });

  it("should be volatile where that is wanted", () => {
    const options = (isVolatile: boolean) =>
      overlayOptions(overlayParameters({ ...PARTS, top: { ...TOP, isVolatile } }));
    assertEquals(options(true).endsWith(",volatile"), true);
    assertEquals(options(false).includes("volatile"), false);
  });

  it("should refuse what does not fit on a page", () => {
    const options = (n: number) =>
      overlayOptions(overlayParameters({ ...PARTS, lowers: layers(n) }));
    assertEquals(options(300).length < 4096, true);
    assertThrows(() => options(400), DiscoError, "401 balls have changed something");
  });
});

describe("splitLayers", () => {
  it("should split what one overlay does not take, so that nothing is lost or moved", () => {
    for (const [isModern, most] of [[true, 499], [false, 250]] as const) {
      assertEquals(splitLayers({ ...PARTS, lowers: layers(most) }, isModern), undefined);
      const lowers = layers(most + 1);
      const { upper, lower } = splitLayers({ ...PARTS, lowers }, isModern)!;
      assertEquals([...upper, ...lower.lowers], lowers);
      assertEquals([lower.live, lower.top], [LIVE, null]);
    }
  });
});
