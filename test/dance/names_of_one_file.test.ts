import { assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, type ThrowawayHost } from "../host/mod.ts";

const FILES =
  "mkdir -p /srv/d; echo 1 >/srv/d/f; echo c >/srv/c; touch -d 2020-01-01 /srv/d/f /srv/c; " +
  "mkdir /srv/e; echo t >/srv/e/one; ln /srv/e/one /srv/two; touch -d 2020-01-01 /srv/two; cp -p /srv/c /srv/twin";
/** Which names are names of one file, and which files have a new time. */
const LOOK =
  `cd /srv; all="d/f c hard hard2 e/one two e/new twin"; for a in $all; do for b in $all; do
[ "$a" = "$b" ] || ! [ "$a" -ef "$b" ] || echo "$a = $b"; done
[ ! -e "$a" ] || case $(stat -c %y "$a") in 2020-01-01*) ;; 202[01]-*) stat -c "%n %y" "$a" ;;
*) echo "$a is new" ;; esac; done`;

const SCRIPTS: readonly string[] = [
  "ln /srv/d/f /srv/hard",
  "touch /srv/d/f; ln /srv/d/f /srv/hard",
  "ln /srv/d/f /srv/hard; touch /srv/d/f",
  "ln /srv/d/f /srv/hard; touch /srv/hard",
  "chmod 600 /srv/d/f; ln /srv/d/f /srv/hard",
  "ln /srv/d/f /srv/hard; chmod 600 /srv/hard",
  "echo 2 >>/srv/d/f; ln /srv/d/f /srv/hard",
  "ln /srv/d/f /srv/hard; echo 2 >>/srv/hard",
  "touch /srv/d/f; ln /srv/d/f /srv/hard; ln /srv/c /srv/hard2",
  "touch /srv/c; ln /srv/d/f /srv/hard; ln /srv/hard /srv/hard2",
  "ln /srv/d/f /srv/hard; mv /srv/hard /srv/hard2; touch /srv/d/f",
  "touch /srv/e/one",
  "touch /srv/e/one /srv/two",
  "touch -d 2021-01-01 /srv/two; sleep 0.02; touch -d 2020-06-01 /srv/e/one",
  "touch -d 2021-01-01 /srv/e/one; sleep 0.02; touch -d 2020-06-01 /srv/two",
  "ln /srv/e/one /srv/hard",
  "ln /srv/e/one /srv/e/new; ln /srv/two /srv/hard",
  "ln -f /srv/c /srv/twin",
  "ln -f /srv/two /srv/twin; touch -d 2021-01-01 /srv/e/one",
  "ln /srv/two /srv/hard; touch /srv/e/one",
  "rm /srv/two; ln /srv/c /srv/two; touch -d 2021-01-01 /srv/e/one",
  "cp -al /srv/e /srv/new; ln -f /srv/c /srv/twin; ln /srv/twin /srv/hard",
];

async function look(host: ThrowawayHost): Promise<string> {
  return await host.run(["sh", "-c", LOOK]);
}

describeOnHost("names that a script gives a file", () => {
  for (const script of SCRIPTS) {
    it(`are names of one file as after a plain run, and its time is: ${script}`, async () => {
      await using plain = await newScene();
      await plain.sh(`${FILES}; ${script}`);
      await using scene = await newScene();
      const { host } = scene;
      await scene.sh(FILES);
      const before = await look(host);
      await scene.ball("a", script).dance().ok();
      assertEquals(await look(host), await look(plain.host));
      await scene.rollback().ok();
      assertEquals(await look(host), before);
    });
  }

  for (
    const script of [
      "touch /srv/e/one; ln /srv/e/one /srv/hard",
      "ln /srv/e/one /srv/hard; touch /srv/e/one",
      "touch -d 2021-01-01 /srv/e/one; ln /srv/e/one /srv/e/new",
      "touch /srv/e/one; ln -f /srv/e/one /srv/c",
      "mv /srv/e/one /srv/hard",
      "ln /srv/e/one /srv/hard; rm /srv/e/one",
      "chmod 600 /srv/e/one; touch -d 2021-01-01 /srv/two",
    ]
  ) {
    it(`part from the names that the file had before, which is told, with: ${script}`, async () => {
      await using scene = await newScene();
      const { host } = scene;
      await scene.sh(FILES);
      const before = await look(host);
      const { result } = await scene.ball("a", script).dance().ok();
      const parted = result.notSimulated.filter(({ kind }) => kind === "names");
      assertEquals(parted.map(({ what }) => /\/srv\/(e\/one|hard)/.test(what)), [true]);
      await scene.rollback().ok();
      assertEquals(await look(host), before);
    });
  }
});
