/**
 * A fetch, whose progress is shown.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import { during } from "../terminal/mod.ts";
import {
  type FetchProgress,
  type FetchResult,
  type FetchStep,
  fetchUniverse,
  type FetchWish,
} from "../transport/mod.ts";

const WHAT = "fetching the universe";
const MEBIBYTE = 2 ** 20;

/** As {@linkcode fetchUniverse}, with its progress on the terminal. */
export async function fetchShown(
  context: Context,
  onStep?: (step: FetchStep) => void,
  wish: FetchWish = {},
): Promise<FetchResult> {
  return await during(WHAT, (show) =>
    fetchUniverse(context, onStep, {
      ...wish,
      onProgress: show && ((progress) => show(shown(progress))),
    }));
}

function shown({ step, done, total, bytes }: FetchProgress) {
  return {
    what: `${WHAT}, ${step}`,
    done,
    total,
    ...(bytes > 0 ? { note: `${(bytes / MEBIBYTE).toFixed(1)} MiB` } : {}),
  };
}
