/**
 * The pages of the documentation, and what can be read in them: links, anchors, commands, blocks.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";

/** The project's folder. */
export const PROJECT = fromFileUrl(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** A line of a page that is code: of a fenced or an indented block. */
export interface CodeLine {
  readonly number: number;
  readonly text: string;
}

/** All pages by their path in the project, without those that are generated. */
export function readPages(): Map<string, string> {
  const top = names("").map((name) => name);
  const docs = names("docs").map((name) => `docs/${name}`);
  return new Map(
    [...top, ...docs].map((path) => [path, Deno.readTextFileSync(`${PROJECT}/${path}`)]),
  );
}

function names(folder: string): string[] {
  return [...Deno.readDirSync(`${PROJECT}/${folder}`)].map(({ name }) => name)
    .filter((name) => name.endsWith(".md")).sort();
}

/** The targets of all links of a page, in its prose only. */
export function linksOf(page: string): string[] {
  const prose = proseOf(page).replaceAll(/`[^`\n]*`/g, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(page: string): Set<string> {
  const seen = new Map<string, number>();
  return new Set(
    [...proseOf(page).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) => {
      const slug = heading!.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-");
      const times = seen.get(slug) ?? 0;
      seen.set(slug, times + 1);
      return times === 0 ? slug : `${slug}-${times}`;
    }),
  );
}

/** The lines of fenced and indented blocks. */
export function codeOf(page: string): CodeLine[] {
  return classify(page).filter(({ isCode }) => isCode);
}

/** The words between single backquotes. */
export function inlineCodeOf(page: string): string[] {
  return [...proseOf(page).matchAll(/`([^`]+)`/g)].map(([, text]) => text!.replaceAll("\n", " "));
}

/** The fenced blocks of a language. */
export function blocksOf(page: string, language: string): string[] {
  const fence = new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms");
  return [...page.matchAll(fence)].map(([, text]) => text!);
}

function proseOf(page: string): string {
  return classify(page).map(({ isCode, text }) => isCode ? "" : text).join("\n");
}

function classify(page: string): (CodeLine & { isCode: boolean })[] {
  let isFenced = false;
  return page.split("\n").map((line, i) => {
    const isFence = line.startsWith("```");
    if (isFence) isFenced = !isFenced;
    const isIndented = !isFenced && /^ {4,}\S/.test(line);
    const isCode = isIndented || isFenced && !isFence;
    return { number: i + 1, text: isIndented ? line.slice(4) : isFence ? "" : line, isCode };
  });
}
