import { assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { fromFileUrl } from "@std/path";
import { UNIVERSE } from "../dance/support.ts";
import { describeOnHost, type Outcome, type ThrowawayHost } from "../host/mod.ts";
import { categoriesOf, type Category, compareObserved, observe } from "./observe.ts";
import { busyHost } from "./scene.ts";

/** Its "nasty" balls try everything: see their scripts. */
const OWN_UNIVERSE = fromFileUrl(new URL("universe", import.meta.url));
const NODES = [...Deno.readDirSync(`${UNIVERSE}/parameters`)].map(({ name }) => name).sort();
const ROOTS = ["tmpfs", "ext4"] as const;

describeOnHost("a dry run", () => {
  for (const root of ROOTS) {
    it(`leaves a host with the root ${root} alone, whichever node of the universe it is of`, async () => {
      await using host = await busyHost({ root });
      for (const node of NODES) {
        host.write("/etc/disco/client/timeout", isBroken(node) ? "1" : "60");
        const { code, stderr } = await assertUntouched(
          host,
          () => dryRun(host, UNIVERSE, node),
          node,
        );
        assertEquals(code, isBroken(node) ? 1 : 0, `${node}: ${stderr}`);
      }
    });

    it(`leaves a host with the root ${root} alone, whatever its scripts try`, async () => {
      await using host = await busyHost({ root });
      const { code, stderr } = await assertUntouched(
        host,
        () => dryRun(host, OWN_UNIVERSE, "nasty"),
      );
      assertEquals(code, 0, stderr);
      // Its own state holds what it fetched, and nothing that a script made of it.
      await host.run(["diff", "-r", `${OWN_UNIVERSE}/balls/nasty`, "/var/disco/localstore/nasty"]);
      assertEquals(await host.run(["find", "/var/disco", "-name", "*nasty-mark*"]), "");
      await assertUntouched(host, () => dryRun(host, OWN_UNIVERSE, "nasty-suicide"));
    });
  }

  it("is tried by all of these scripts to the end, and would not be the same without a sandbox", async () => {
    await using host = await busyHost();
    const inside = await dryRun(host, OWN_UNIVERSE, "nasty");
    await using other = await busyHost();
    const outside: string[] = [];
    for (const [script, categories] of Object.entries(TOUCHED)) {
      const before = await observe(other);
      const { stdout } = await other.exec([
        "bash",
        `${OWN_UNIVERSE}/balls/nasty/scripts/${script}`,
      ]);
      outside.push(...attemptsIn(stdout));
      const touched = categoriesOf(compareObserved(before, await observe(other)));
      const missed = categories.filter((category) => !touched.includes(category));
      // A machine may have no control groups to give to a host.
      const isPossible = (category: Category) =>
        category !== "cgroups" || before.seen.cgroups.size > 0;
      assertEquals(missed.filter(isPossible), [], script);
    }
    assertEquals(attemptsIn(inside.stdout), outside);
    assertEquals(Object.keys(TOUCHED), scriptsOf("nasty"));
  });

  it("would be noticed if it set the clock", async () => {
    await using host = await busyHost();
    const before = await observe(host);
    const after = { ...before, clock: before.clock + 100 };
    assertEquals(compareObserved(before, after), ["clock: was set by 100 ms"]);
  });
});

describeOnHost("a file that a dry run looks at", () => {
  /** What the ball "reading" changes. */
  const MAKE = [
    "mkdir -p /srv/read/folder/below && cd /srv/read",
    "for file in content mode same attributes xattr folder/below/file; do echo old >$file; done",
    "setfattr -n user.a -v 1 xattr; ln -s /old link; ln -s /old kept",
    "find /srv/read -exec touch --no-dereference --date @1000000000 {} +",
  ].join("\n");

  it("keeps its access time", async () => {
    await using host = await busyHost({ root: "ext4" });
    await host.run(["bash", "-ec", MAKE]);
    const { code, stdout, stderr } = await assertUntouched(
      host,
      () => dryRun(host, OWN_UNIVERSE, "reading"),
    );
    assertEquals(code, 0, stderr);
    for (const name of ["content", "mode", "attributes", "xattr", "link", "folder"]) {
      assertStringIncludes(stdout, `/srv/read/${name}: `);
    }
  });

  it("would show if it were read: the control", async () => {
    await using host = await busyHost({ root: "ext4" });
    await host.run(["bash", "-ec", MAKE]);
    const before = await observe(host);
    await host.run(["sh", "-c", "cd /srv/read && cat same && ls folder && readlink link"]);
    const lines = compareObserved(before, await observe(host));
    assertEquals(lines.map((line) => line.replace(/: atime .*/, "")), [
      "disks: /srv/read/folder",
      "disks: /srv/read/link",
      "disks: /srv/read/same",
    ]);
  });
});

/** What the scripts touch where no sandbox holds them. The clock nobody on such a host may set. */
const TOUCHED: Readonly<Record<string, readonly Category[]>> = {
  "10-connect": ["disks", "network"],
  "20-memory": ["ipc", "memory"],
  "30-keys": ["keys"],
  "40-kernel": ["mounts", "settings"],
  "45-questions": ["disks"],
  "50-mounts": ["disks", "loops", "memory", "mounts"],
  "60-devices": ["cgroups", "disks", "memory"],
  "70-network": ["network", "processes", "sockets"],
  "75-files": ["disks", "memory"],
  "78-output": [],
  "80-daemons": ["processes"],
  "90-processes": ["processes", "sockets"],
};

/** A host that waits is the same after `action`. */
async function assertUntouched(
  host: ThrowawayHost,
  action: () => Promise<Outcome>,
  what?: string,
): Promise<Outcome> {
  const before = await observe(host);
  const outcome = await action();
  assertEquals(compareObserved(before, await observe(host)), [], what);
  return outcome;
}

async function dryRun(host: ThrowawayHost, server: string, node: string): Promise<Outcome> {
  // The "nasty" balls delete much.
  const options = ["--noop", "--server", server, "--node", node, "--allow-deletions", "100000"];
  return await host.disco("dance", ...options);
}

/** What is wrong with the others would show only after a merge. */
function isBroken(node: string): boolean {
  return node.startsWith("broken-") && !["broken-effect", "broken-post"].includes(node);
}

/** What was tried, as `try.sh` names it. */
function attemptsIn(text: string): string[] {
  return [...text.matchAll(/attempt: (?:went through|refused): (.*)/g)].map(([, name]) => name!);
}

function scriptsOf(ball: string): string[] {
  return [...Deno.readDirSync(`${OWN_UNIVERSE}/balls/${ball}/scripts`)].map(({ name }) => name)
    .sort();
}
