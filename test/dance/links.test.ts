import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene } from "../host/mod.ts";

const ALICE = `mkdir -p /home/alice /root/.ssh; echo keys >/root/.ssh/authorized_keys
  chown -R 1000:1000 /home/alice`;

describeOnHost("a dance over what users made", () => {
  for (
    const [what, live, files] of [
      [
        "a link to root's keys",
        "ln -s /root/.ssh /home/alice/.ssh",
        { "files/home/alice/.ssh/authorized_keys": "new\n" },
      ],
      [
        "a relative link in /var/tmp, for a template",
        "ln -s ../../root/.ssh /var/tmp/app; chown -h 1000 /var/tmp/app",
        { "templates/var/tmp/app/authorized_keys": "echo new" },
      ],
      [
        "a link on the way of permissions, after a script",
        "ln -s /root/.ssh /home/alice/.ssh",
        {
          "scripts/10": "true",
          "files/etc/x": "x",
          "permissions": "0666 - - /home/alice/.ssh/authorized_keys\n",
        },
      ],
      [
        "a hard link",
        "ln /root/.ssh/authorized_keys /home/alice/x",
        { "files/etc/x": "x", "permissions": "0666 - - /home/alice/x\n" },
      ],
    ] as const
  ) {
    it(`should merge nothing, and say whose link it is: ${what}`, async () => {
      await using scene = await newScene();
      await scene.sh(`${ALICE}; ${live}; chown -h 1000 /home/alice/.ssh || true`);
      for (const options of [["--noop"], []]) {
        const { result, stderr } = await scene.ball("a", files).dance(...options).fails()
          .mergesNothing().balls({ a: "failed" }).untouched();
        const error = result.balls[0]!.error!;
        assert(/is a symlink of user|it has 2 names/.test(error), error);
        if (error.includes("symlink")) assertStringIncludes(stderr, "let root own the link");
      }
    });
  }

  it("should refuse DISCO's own places, wherever they are", async () => {
    await using scene = await newScene();
    for (const path of [".disco/x", "var/disco/x", "opt/state/var/disco/generations/x"]) {
      const { result } = await scene.ball("a", { [`files/${path}`]: "x" })
        .dryRun("--state", "/opt/state").fails();
      assert(/DISCO's own|is not part of/.test(result.balls[0]!.error!), result.balls[0]!.error!);
    }
  });

  it("should warn of paths that two balls deliver, and of rules that match nothing", async () => {
    await using scene = await newScene();
    scene.balls({
      a: { "files/etc/x": "a", "permissions": "0600 - - /etc/x\n0600 - - /etc/made\n" },
      b: {
        "files/etc/x": "b",
        "requires": "a",
        "scripts/10": "touch /etc/made2",
        "permissions": "0600 - - /etc/made2\n0600 - - /etc/none*\n",
      },
    });
    const { stderr } = await scene.dryRun().changes("+ /etc/made2", "+ /etc/x");
    const warnings = stderr.split("\n").filter((line) => line.startsWith("warning: ball"));
    assertEquals(warnings, [
      'warning: ball a: permissions, line 2: nothing that it delivers or that exists matches "/etc/made"',
      'warning: ball b: "/etc/x" is delivered by ball a, too; the later wins',
      'warning: ball b: permissions, line 2: nothing that it delivers or that exists matches "/etc/none*"',
    ]);
  });
});
