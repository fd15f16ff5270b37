/**
 * The program that runs inside the throw-away host: `inside.js VERB ARGUMENT...`.
 *
 * @module
 */
import { danceOnce } from "./dueing.ts";
import {
  errors,
  full,
  kills,
  killsOfDue,
  killsOfRecovery,
  lostWrites,
  moved,
} from "./experiments.ts";
import { type FileSystem, TWICE } from "./image.ts";
import { mergeOnce, recoverOnce } from "./merging.ts";
import { prepareScene } from "./scene.ts";

const [verb = "", ...words] = Deno.args;

const VERBS: Record<string, () => unknown> = {
  prepare: () =>
    prepareScene(
      words[0] as FileSystem,
      { apart: words.includes("apart"), twice: TWICE.find((one) => words.includes(one)) },
      mergeOnce,
    ),
  merge: () => mergeOnce(),
  recover: () => recoverOnce(),
  due: () => danceOnce(),
  "kills-of-due": () => killsOfDue(Number(words[0]), words.includes("stop")),
  kills: () => kills(words.includes("stop")),
  moved: () => moved(),
  recovery: () => killsOfRecovery(),
  errors: () => errors(words),
  full: () => full(),
  lost: () => lostWrites(Number(words[0]), words.includes("stop")),
};

try {
  const findings = await VERBS[verb]!();
  if (findings) console.log(JSON.stringify(findings));
} catch (error) {
  console.error(error instanceof Error ? `${error.message}\n${error.stack}` : error);
  Deno.exit(1);
}
