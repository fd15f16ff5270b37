/**
 * What is done for the next ball while a script of this one runs.
 *
 * @module
 */
import type { Ball } from "../ball/mod.ts";
import { deliverFiles, FileDelivery } from "../render/mod.ts";
import type { Dance } from "./dance.ts";
import { type Delivery, deliveryOf } from "./delivery.ts";
import { nextTurn } from "./signals.ts";
import { renderAhead } from "./templates.ts";
import type { Ready } from "./values.ts";

/** A delivery that was begun before the ball's turn. */
interface Begun {
  readonly ball: Ball;
  /** The union's, when it was begun. */
  readonly mark: string;
  readonly files: FileDelivery;
  readonly delivery: Delivery;
}

/** One at a time. */
const begun = new WeakMap<Dance["progress"], Begun>();

/** Entries that are looked at before others have their turn. */
const AT_ONCE = 20;

/**
 * To be called when a script has been started: while it runs there is time for the next ball, for its
 * Eta templates, which see nothing of the union, and to go past those of its files that are as they
 * should be.
 *
 * @param mark The union's before the script was started; undefined where the files have to wait.
 * @param isOver Whether the script has ended.
 */
export async function getNextReady(
  dance: Ready,
  { name }: Ball,
  mark: string | undefined,
  isOver: () => boolean,
): Promise<void> {
  const next = dance.order[dance.order.indexOf(name) + 1];
  if (dance.way.isAlone || next === undefined) return;
  await nextTurn();
  renderAhead(dance, next);
  const files = mark === undefined ? undefined : begin(dance, next, mark);
  if (files === undefined) return;
  await dance.meter.measure("exec-render", "files (ahead)", next, async () => {
    for (let count = 1; !isOver() && files.pass(); count++) {
      if (count % AT_ONCE === 0) await nextTurn();
    }
  });
}

/** Deliver the files of a ball, without those that were passed if the union has been the same since. */
export function deliver(dance: Ready, ball: Ball): string[] {
  const { mark, mountpoint } = dance.mounted;
  const delivery = deliveryOf(dance, ball);
  const known = begun.get(dance.progress);
  if (known?.ball !== ball || known.mark !== mark) return deliverFiles(ball, mountpoint, delivery);
  const written = known.files.finish();
  for (const path of known.delivery.delivered) delivery.delivered.add(path);
  for (const line of known.delivery.matched) delivery.matched.add(line);
  return written;
}

/** Let go of what was begun for a ball whose turn is over, or does not come. */
export function forgetBegun({ progress }: Dance): void {
  begun.get(progress)?.files[Symbol.dispose]();
  begun.delete(progress);
}

/** Undefined where the ball cannot be delivered at all, which is told when it is its turn. */
function begin(dance: Ready, name: string, mark: string): FileDelivery | undefined {
  const known = begun.get(dance.progress);
  if (known?.ball.name === name && known.mark === mark) return known.files;
  forgetBegun(dance);
  try {
    const ball = dance.ball(name);
    const none = { delivered: new Set<string>(), matched: new Set<number>() };
    const delivery = { ...deliveryOf(dance, ball), ...none };
    const files = new FileDelivery(ball, dance.mounted.mountpoint, delivery);
    begun.set(dance.progress, { ball, mark, files, delivery });
    return files;
  } catch {
    return undefined;
  }
}
