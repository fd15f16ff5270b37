/**
 * The balls that made a change. Most changes have the same ones: they share their lists.
 *
 * @module
 */

/** Makes lists of names, each only once. */
export class BallLists {
  readonly #next = new Map<readonly string[], Map<string, readonly string[]>>();
  readonly #none: readonly string[] = [];

  /** A list with one more name, at its end; the same list if it is there. */
  add(ball: string, list: readonly string[] = this.#none): readonly string[] {
    let next = this.#next.get(list);
    if (!next) this.#next.set(list, next = new Map());
    let longer = next.get(ball);
    if (!longer) next.set(ball, longer = list.includes(ball) ? list : [...list, ball]);
    return longer;
  }
}
