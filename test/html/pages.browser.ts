/**
 * The report's page in a real browser. With `DISCO_SCREENSHOTS=DIR` the pictures are kept there, for
 * eyes.
 */
import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { htmlPage } from "../../lib/report/mod.ts";
import { Browser, browserProgram, type View } from "./browser.ts";
import { PAGES } from "./pages.ts";

const VIEWS: readonly View[] = [320, 360, 1000, 1400].flatMap((width) => [
  { width, scheme: "light" as const },
  { width, scheme: "dark" as const },
]);
const PICTURES = Deno.env.get("DISCO_SCREENSHOTS");
const FAULTS = Deno.readTextFileSync(new URL("legible.js", import.meta.url));

interface Faults {
  readonly isTooWide: boolean;
  readonly overflowing: readonly string[];
  readonly faint: readonly string[];
}

/** Pixels of a picture's height. */
const TALLEST = 3000;

const program = browserProgram();
if (!program) console.warn("warning: skipped the report's page: no browser (install chromium)");

(program ? describe : describe.ignore)("the report's page in a browser", () => {
  it("fits narrow and wide windows, and can be read in light and dark", async () => {
    await using browser = await Browser.start(program!);
    for (const [what, result] of Object.entries(PAGES)) {
      const html = await htmlPage(result);
      for (const view of VIEWS) {
        for (const isOpen of [false, true]) {
          const page = isOpen ? html.replaceAll("<details>", "<details open>") : html;
          if (isOpen && page === html) continue;
          await browser.show(page, view);
          const faults = await browser.ask(FAULTS);
          const at = `${what}, ${view.width} px, ${view.scheme}${isOpen ? ", open" : ""}`;
          if (PICTURES) {
            const picture = await browser.picture(view.width, TALLEST);
            Deno.writeFileSync(`${PICTURES}/${at.replaceAll(/\W+/g, "_")}.png`, picture);
          }
          assertEquals(faults, { isTooWide: false, overflowing: [], faint: [] }, at);
        }
      }
    }
  });

  it("shows the end of what a failed command printed, without scrolling", async () => {
    await using browser = await Browser.start(program!);
    await browser.show(await htmlPage(PAGES["a long failure"]!), { width: 360, scheme: "light" });
    const [isLong, below, last] = await browser.ask<[boolean, number, string]>(`(() => {
      const said = document.querySelector(".said");
      const last = [...said.querySelectorAll("span")].at(-1);
      const below = last.getBoundingClientRect().bottom - said.getBoundingClientRect().bottom;
      return [said.scrollHeight > said.clientHeight, below, last.textContent];
    })()`);
    assertEquals([isLong, below <= 0], [true, true]);
    assertEquals(last, "E: Unable to locate package nginx-extra");
  });

  it("shows hostile names as text, and runs nothing", async () => {
    await using browser = await Browser.start(program!);
    const html = await htmlPage(PAGES["hostile and long names"]!);
    await browser.show(html, VIEWS[0]!);
    const found = await browser.ask(
      '[document.querySelectorAll("script, b, [onclick]").length, document.title === "owned"]',
    );
    assertEquals(found, [0, false]);
  });

  it("is told apart from pages that do not fit, or cannot be read: the control", async () => {
    await using browser = await Browser.start(program!);
    const bad =
      `<body style="background:#fff"><p style="color:#ccc">faint</p><div style="width:900px">
      wide</div></body>`;
    await browser.show(bad, { width: 360, scheme: "light" });
    const { isTooWide, overflowing, faint } = await browser.ask<Faults>(FAULTS);
    assertEquals([isTooWide, overflowing.length, faint.length], [true, 1, 1]);
  });
});
