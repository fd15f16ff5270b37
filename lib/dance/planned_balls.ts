/**
 * The balls of a plan, as they were fetched.
 *
 * @module
 */
import { type Ball, readBall } from "../ball/mod.ts";
import type { Context } from "../context/mod.ts";
import { Policies } from "../effects/mod.ts";
import { DiscoError } from "../error/mod.ts";
import type { Plan } from "../plan/mod.ts";

/** The plan, with each of its balls and their policies read once. */
export class PlannedBalls {
  readonly #balls = new Map<string, Ball>();
  #policies: Policies | undefined;

  constructor(readonly context: Context, readonly plan: Plan) {}

  /** The names of the balls, in the order of the plan. */
  get order(): string[] {
    return this.plan.order.map(({ name }) => name);
  }

  /** A ball of the plan. */
  ball(name: string): Ball {
    const known = this.#balls.get(name);
    if (known) return known;
    if (!this.order.includes(name)) {
      throw new DiscoError(`Cannot apply ball "${name}": it is not in the plan`, {
        code: 3,
        hint: `the plan has ${this.order.join(", ")}`,
      });
    }
    const ball = readBall(`${this.context.roots.localstore}/${name}`, name);
    this.#balls.set(name, ball);
    return ball;
  }

  /** What becomes of the commands of each ball. */
  get policies(): Policies {
    const { roots, node } = this.context;
    return this.#policies ??= new Policies({
      etc: roots.etc,
      params: `${roots.parameters}/${node}`,
    });
  }

  /** The same plan with some of its balls only; each must be in it. */
  only(names: readonly string[]): PlannedBalls {
    names.forEach((name) => this.ball(name));
    const order = this.plan.order.filter(({ name }) => names.includes(name));
    return new PlannedBalls(this.context, { ...this.plan, order });
  }
}
