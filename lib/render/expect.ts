/**
 * What renders Eta templates takes as long to start as DISCO to be loaded: it is started ahead where
 * templates are to be expected.
 *
 * @module
 */
import { createFile, lstat, unlink } from "../posix/mod.ts";
import { EtaRenderer } from "./eta.ts";

/**
 * A renderer that is getting ready, if the last plan of this state had Eta templates, or nothing has
 * been planned yet. The caller closes it. `fetched` is the folder `Roots.fetched`.
 */
export function expectedRenderer(fetched: string): EtaRenderer | undefined {
  if (lstat(`${fetched}/universe`) && !lstat(markIn(fetched))) return undefined;
  const renderer = new EtaRenderer();
  try {
    renderer.prepare();
    return renderer;
  } catch {
    // The first template tells.
    return undefined;
  }
}

/** Keep whether a plan has Eta templates, for the next dance. */
export function rememberTemplates(fetched: string, hasTemplates: boolean): void {
  const mark = markIn(fetched);
  const isMarked = lstat(mark) !== undefined;
  if (hasTemplates && !isMarked) createFile(mark, new Uint8Array(), 0o600);
  if (!hasTemplates && isMarked) unlink(mark);
}

/** A file of DISCO's own that is there if the last plan had Eta templates. */
function markIn(fetched: string): string {
  return `${fetched}/universe/has-eta`;
}
