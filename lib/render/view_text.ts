/**
 * What templates see, as JSON for the evaluator.
 *
 * @module
 */
import { messageOf } from "../error/mod.ts";
import type { Ball } from "../ball/mod.ts";
import type { Facts } from "../facts/mod.ts";
import type { Params, ParamsObject } from "../params/mod.ts";

/** Makes the JSON; parameters and facts are read once each. */
export class ViewText {
  readonly #known = new WeakMap<Params | Facts, string>();

  /** The view of one ball's templates. */
  of(ball: Ball, view: { node: string; params: Params; facts: Facts }): string {
    const params = this.#once(view.params, () => JSON.stringify(plain(view.params.object())));
    const facts = this.#once(view.facts, () => JSON.stringify(view.facts));
    const [node, name] = [JSON.stringify(view.node), JSON.stringify(ball.name)];
    return `{"node":${node},"ball":${name},"params":${params},"facts":${facts}}`;
  }

  #once(key: Params | Facts, make: () => string): string {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const text = make();
    this.#known.set(key, text);
    return text;
  }
}

/** A parameter that is not text becomes a folder whose one name is empty: the reason. */
function plain(folder: ParamsObject): ParamsObject {
  const result: ParamsObject = Object.create(null);
  for (const name of Object.keys(folder)) result[name] = valueOf(folder, name);
  return result;
}

function valueOf(folder: ParamsObject, name: string): string | ParamsObject {
  try {
    const value = folder[name]!;
    return typeof value === "string" ? value : plain(value);
  } catch (error) {
    return { "": messageOf(error) };
  }
}
