/**
 * What is wrong with the page that is open, as a reader sees it: whether it is wider than the window,
 * what reaches over the window's edge outside of what scrolls, and texts whose contrast is under 4.5
 * (WCAG 2, 1.4.3). It runs in the page.
 */
(() => {
  const parse = (text) => {
    const [r = 0, g = 0, b = 0, a = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
    return [r, g, b, a];
  };
  const luminance = (colour) =>
    colour.slice(0, 3).map((value) => value / 255)
      .map((value) => value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
      .reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour[3] > 0) return colour;
    }
    return [255, 255, 255, 1];
  };
  const nameOf = (element) =>
    `${element.tagName.toLowerCase()}.${element.className}: ${element.textContent?.slice(0, 60)}`;
  const width = document.documentElement.clientWidth;
  const overflowing = [];
  const faint = [];
  for (const element of document.querySelectorAll("body *")) {
    const box = element.getBoundingClientRect();
    const scrolls = element.closest("pre, .scroll");
    if (box.width > 0 && box.right > width + 1 && (!scrolls || scrolls === element)) {
      overflowing.push(nameOf(element));
    }
    const own = [...element.childNodes].some((node) =>
      node.nodeType === 3 && node.nodeValue?.trim()
    );
    if (!own || box.width === 0) continue;
    const [text, ground] = [
      luminance(parse(getComputedStyle(element).color)),
      luminance(behind(element)),
    ];
    const contrast = (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
    if (contrast < 4.5) faint.push(`${contrast.toFixed(2)} ${nameOf(element)}`);
  }
  return { isTooWide: document.documentElement.scrollWidth > innerWidth, overflowing, faint };
})();
