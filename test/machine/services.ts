/**
 * Effects with a real systemd.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { Machine } from "./machine.ts";
import {
  assertDanced,
  type BallFiles,
  danceBall,
  danceGiven,
  type GetMachine,
  give,
  itOnMachine,
} from "./support.ts";

/** A service that a ball delivers, enables and starts. */
function beat(seconds: number, script = "systemctl enable --now beat"): BallFiles {
  return {
    "files/etc/systemd/system/beat.service": `[Service]
ExecStart=/bin/sleep ${seconds}
[Install]
WantedBy=multi-user.target
`,
    "scripts/beat": script,
  };
}

/** Register the tests. */
export function serviceCases(machine: GetMachine): void {
  itOnMachine("a dry run starts and enables nothing", async () => {
    const danced = await danceBall(machine(), beat(1000), "--noop");
    assertDanced(danced);
    assert(danced.result.effects.some(({ argv }) => argv.includes("beat")), danced.stdout);
    assertEquals(await ask(machine(), "is-active"), "inactive");
    await machine().bash("! find /etc/systemd -name 'beat*' | grep .");
  });

  itOnMachine("a service is delivered, enabled and started, also after a reboot", async () => {
    assertDanced(await danceBall(machine(), beat(1000)));
    assertEquals(await ask(machine(), "is-active"), "active");
    assertEquals(await ask(machine(), "is-enabled"), "enabled");
    await machine().reboot();
    assertEquals(await ask(machine(), "is-active"), "active");
  });

  itOnMachine(
    "a changed unit is reloaded and restarted once, however many balls ask for it",
    async () => {
      assertDanced(await danceBall(machine(), beat(1000)));
      const first = await ask(machine(), "show", "-P", "MainPID");
      const restart = "systemctl daemon-reload; systemctl restart beat";
      await give(machine(), {
        a: beat(2000, restart),
        b: { "scripts/too": "systemctl restart beat" },
      });
      const danced = await danceGiven(machine());
      assertDanced(danced);
      const restarts = danced.result.effects.filter(({ argv }) => argv.includes("restart"));
      assertEquals(restarts.map(({ status }) => status), ["done"], danced.stdout);
      const second = await ask(machine(), "show", "-P", "MainPID");
      assert(second !== first, "it was not restarted");
      assertEquals(await machine().run(["ps", "-o", "args=", second]), "/bin/sleep 2000\n");
    },
  );

  itOnMachine("a script's question about a service is answered by the live system", async () => {
    const script = `systemctl is-active cron >/etc/answer; systemctl is-enabled cron >>/etc/answer
      systemctl is-active --quiet beat || echo no beat >>/etc/answer`;
    assertDanced(await danceBall(machine(), { "scripts/ask": script }));
    assertEquals(await machine().run(["cat", "/etc/answer"]), "active\nenabled\nno beat\n");
  });

  itOnMachine("nginx serves what a ball configures, and is only reloaded", async () => {
    const first = await ask(machine(), "show", "-P", "MainPID", "nginx");
    assertDanced(
      await danceBall(machine(), {
        "files/etc/nginx/conf.d/answer.conf":
          'server { listen 127.0.0.1:8080; location / { return 200 "disco\\n"; } }\n',
        "scripts/reload": "systemctl reload nginx",
      }),
    );
    const get = "exec 3<>/dev/tcp/127.0.0.1/8080; printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3";
    assertEquals((await machine().bash(get)).split("\n").at(-2), "disco");
    assertEquals(await ask(machine(), "show", "-P", "MainPID", "nginx"), first);
  });

  itOnMachine("an effect that fails makes the dance fail, and what was merged stays", async () => {
    const failing = await danceBall(machine(), beat(1, "systemctl start nosuch"));
    assertEquals([failing.code, failing.result.ok, failing.result.merged], [1, false, true]);
    assertEquals(
      failing.result.effects.map(({ argv, status }) => [argv.join(" "), status]),
      [["systemctl daemon-reload", "done"], ["systemctl start nosuch", "failed"]],
    );
  });
}

async function ask(machine: Machine, ...words: string[]): Promise<string> {
  const unit = words.length > 1 && !words.at(-1)!.startsWith("Main") ? [] : ["beat"];
  return (await machine.exec(["systemctl", ...words, ...unit])).stdout.trim();
}
