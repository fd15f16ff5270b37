import { assert, assertEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { makeContext } from "../../lib/context/mod.ts";
import { parseOptions } from "../../lib/command_line/mod.ts";
import { Dance } from "../../lib/dance/dance.ts";
import { expect, STAGES, until } from "../../lib/dance/stages.ts";
import { Fetched, Mounted } from "../../lib/dance/values.ts";
import { DiscoError } from "../../lib/error/mod.ts";

async function begun(): Promise<Dance> {
  const context = await makeContext(parseOptions(["--node", "n", "--state", "/nonexistent"]));
  return Dance.begin(context, { keepGoing: false });
}

const UNIVERSE: ConstructorParameters<typeof Fetched>[1] = {
  schema: 1,
  node: "n",
  listedAs: "n",
  server: "embedded",
  groups: [],
  listed: [],
  balls: [],
};

describe("the table of stages", () => {
  it("should have each stage take what the one before it gives", () => {
    let given: unknown = Dance;
    for (const { name, takes, gives } of STAGES) {
      assertEquals(takes, given, name);
      assert(gives.prototype instanceof takes, name);
      given = gives;
    }
  });

  it("should say which stage is missing", async () => {
    const dance = await begun();
    const error = assertThrows(
      () => expect(dance, Mounted),
      DiscoError,
      "nothing has been fetched",
    );
    assertEquals([error.code, error.hint], [3, "run the stage fetch"]);
    const fetched = new Fetched(dance, UNIVERSE);
    assertThrows(() => expect(fetched, Mounted), DiscoError, "there is no plan");
    assertEquals(expect(fetched, Fetched), fetched);
  });

  it("should not run a stage again whose value is there", async () => {
    const fetched = new Fetched(await begun(), UNIVERSE);
    assert(await until(fetched, Fetched) === fetched);
  });
});
