import { assert, assertEquals, assertMatch } from "@std/assert";
import { it } from "@std/testing/bdd";
import { fromFileUrl } from "@std/path";
import { describeOnHost, type ThrowawayHost, throwawayHost } from "../host/mod.ts";
import type { Linked, Told } from "./traps.ts";

const TRAPS = fromFileUrl(new URL("traps.ts", import.meta.url));
const CONFIG = fromFileUrl(new URL("../../deno.json", import.meta.url));

describeOnHost("a link in the place of a directory that the sandbox mounts in", () => {
  for (const path of ["/var", "/etc"]) {
    it(`keeps the next script from being started: ${path}`, async () => {
      await using host = await victimised();
      const { error, names } = await ask<Linked>(host, "link", path);
      assertMatch(error, /^Cannot build the sandbox: /);
      assertEquals(names, ["file"]);
    });

    it(`is not followed where nobody has looked for it: ${path}`, async () => {
      await using host = await victimised();
      const { error, names } = await ask<Linked>(host, "link", path, "places");
      assert(error !== "");
      assertEquals(names, ["file"]);
    });

    it(`control: bubblewrap would follow it, and make directories on the host: ${path}`, async () => {
      await using host = await victimised();
      const { names } = await ask<Linked>(host, "bubblewrap", path);
      assertEquals(names, ["disco", "file"]);
    });
  }
});

const QUESTION = "sysctl -n kernel.ostype";
/** A question, and links where its answer will be; then one that is answered as ever. */
const LINKS = `cd /run/disco/ask
for kind in output errors new status; do ln -s /srv/victim/file x.$kind; done
printf '%s\\0' ${QUESTION} >x && mv x x.question
${QUESTION}; ${QUESTION}`;
/** What is no question, beside one that is. */
const ODD = `cd /run/disco/ask
truncate -s 8G huge.question; mkdir folder.question; mkfifo fifo.question
ln -s /srv/victim/file link.question; : >empty.question; printf x >unended.question
for i in $(seq 300); do : >gone.$i.question; rm -f gone.$i.question; done
mkdir taken.status; printf '%s\\0' ${QUESTION} >t; mv t taken.question
${QUESTION}`;

describeOnHost("what a script leaves where it asks questions", () => {
  it("is never followed by the answer", async () => {
    await using host = await victimised();
    const told = await ask<Told>(host, "tell", LINKS);
    assertEquals(told, { code: 0, lines: ["Linux", "Linux"] });
    assertEquals(host.read("/srv/victim/file"), "mine\n");
  });

  it("control: a plain write would go to the host", async () => {
    await using host = await victimised();
    await ask(host, "follow", LINKS, "x.output");
    assertEquals(host.read("/srv/victim/file"), "changed\n");
  });

  it("can be no question at all, and the others are answered", async () => {
    await using host = await victimised();
    assertEquals(await ask<Told>(host, "tell", ODD), { code: 0, lines: ["Linux"] });
  });

  it("can be more questions than are put to the live system at a time", async () => {
    await using host = await victimised();
    const many = `for i in $(seq 50); do ${QUESTION} & done; wait`;
    const { lines } = await ask<Told>(host, "tell", many);
    assertEquals(lines, Array(50).fill("Linux"));
  });
});

/** Each makes the live system run a program, or read a file, of whoever asks. */
const ORDERS = [
  "service ../../srv/program status",
  "systemctl -H /srv/program status",
  "systemctl --host=x status",
  "systemctl -M .host status",
  "systemctl --root=/srv status x",
  "journalctl --file /srv/victim/file",
  "journalctl -D /srv",
  "journalctl --file=/srv/victim/file",
  "ip -batch /srv/victim/file",
  "ip -b /srv/victim/file",
  "ip netns exec x /srv/program",
  "/srv/program",
  "sysctl -p/srv/victim/file",
];

describeOnHost("a question", () => {
  it("can have the live system run nothing of the ball", async () => {
    await using host = await victimised();
    const script = ORDERS.map((order) => `/run/disco/bin/disco-ask ${order} >/dev/null; echo $?`);
    const { lines } = await ask<Told>(host, "tell", `{ ${script.join("\n")}; } 2>/dev/null`);
    assertEquals(lines, ORDERS.map(() => "126"));
    assertEquals(host.exists("/tmp/was-run"), false);
  });

  it("control: service(8) runs what it is told to", async () => {
    await using host = await victimised();
    await host.exec(ORDERS[0]!.split(" "));
    assertEquals(host.exists("/tmp/was-run"), true);
  });
});

/** A host with a file, and a program that leaves a mark. */
async function victimised(): Promise<ThrowawayHost> {
  const host = await throwawayHost();
  host.write("/srv/victim/file", "mine\n");
  host.write("/srv/program", "#!/bin/sh\n: >/tmp/was-run\n", 0o755);
  return host;
}

async function ask<T>(host: ThrowawayHost, ...words: string[]): Promise<T> {
  const options = ["-A", "--no-check", "--config", CONFIG];
  return JSON.parse(await host.run([Deno.execPath(), "run", ...options, TRAPS, ...words]));
}
