import { assert, assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene } from "../host/mod.ts";

const WORD = "confidential-word";

/** What is there before, in /srv, which everybody may read but for what is said here. */
const FIXTURE = `
  cd /srv; umask 022; mkdir open closed; chmod 711 open; chmod 750 closed
  echo ${WORD} | tee key old-key closed/f >/dev/null
  mkdir -p /etc/ssh; echo ${WORD} >/etc/ssh/ssh_host_test_key
  chmod 600 key old-key /etc/ssh/ssh_host_test_key; echo ${WORD} >public`;

/** A script, the path that it changes, and whether that is secret. */
const CASES: readonly [script: string, path: string, secret: boolean][] = [
  ["cp -p key copy", "/srv/copy", true],
  ["mv key renamed", "/srv/renamed", true],
  ["mv /etc/ssh/ssh_host_test_key /etc/ssh/kept", "/etc/ssh/kept", true],
  [`(umask 077; echo ${WORD} >/etc/wg0.conf)`, "/etc/wg0.conf", true],
  [`echo ${WORD} >new; chmod 640 new`, "/srv/new", true],
  [`echo ${WORD} >/root/new`, "/root/new", true],
  [`echo ${WORD} >>closed/f`, "/srv/closed/f", true],
  [`mkdir -m 700 made; mkdir made/in; echo ${WORD} >made/in/f`, "/srv/made/in/f", true],
  [`ln -s ${WORD} closed/link`, "/srv/closed/link", true],
  [`chmod 644 key; echo more >>key`, "/srv/key", true],
  [`chmod 600 public; echo more >>public`, "/srv/public", true],
  ["rm old-key", "/srv/old-key", true],
  [`chmod 755 closed; echo ${WORD} >>closed/f`, "/srv/closed/f", true],
  // The control: what everybody may read is shown.
  [`echo ${WORD} >open/f`, "/srv/open/f", false],
  [`echo ${WORD} >>public`, "/srv/public", false],
  [`ln -s ${WORD} open/link`, "/srv/open/link", false],
  ["chmod 700 open", "/srv/open", false],
];

describeOnHost("what not everybody can read", () => {
  it("is not shown, under whatever name", async () => {
    await using scene = await newScene();
    await scene.sh(FIXTURE);
    for (const [script, path, secret] of CASES) {
      const { result, stdout, stderr } = await scene.ball("a", `cd /srv\n${script}\n`).dryRun();
      const change = result.changes.find((change) => change.path === path);
      assertEquals(change?.secret, secret, `${script}: ${stderr}`);
      if (!secret) continue;
      assert(!stdout.includes(WORD), `${script}: ${stdout}`);
      assertEquals([change!.diff, change!.after?.sha256, change!.after?.target], [
        null,
        undefined,
        undefined,
      ]);
    }
  });
});
