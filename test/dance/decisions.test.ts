import { assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost } from "../host/mod.ts";
import { danceBall, freshHost, stubServices } from "./support.ts";

describeOnHost("a script that decides by the exit code of an effect", () => {
  for (const option of [["--noop"], []]) {
    const how = option[0] ?? "live";
    it(`fails its ball: ${how}`, async () => {
      await using host = await freshHost();
      stubServices(host);
      const script = "if systemctl restart nginx; then\n  touch /etc/restarted\nfi\n";
      const { code, stderr, result } = await danceBall(host, { "scripts/1": script }, ...option);
      assertEquals([code, result.merged], [1, false]);
      assertStringIncludes(
        stderr,
        'Cannot apply ball "a": scripts/1, line 1, decides by the exit code of an effect: ' +
          "systemctl restart nginx (a condition waits for it)",
      );
      assertEquals(host.exists("/etc/restarted"), false);
    });

    it(`control: one that does not decide by it is applied: ${how}`, async () => {
      await using host = await freshHost();
      stubServices(host);
      const script = "touch /etc/restarted\nsystemctl restart nginx || exit 1\n";
      const { code, stderr } = await danceBall(host, { "scripts/1": script }, ...option);
      assertEquals(code, 0, stderr);
    });
  }

  it("fails its ball in Perl", async () => {
    await using host = await freshHost();
    stubServices(host);
    const script = '#!/usr/bin/perl\nif (system("systemctl restart nginx") == 0) {\n' +
      'open(F, ">/etc/restarted"); }\n';
    const { code, stderr } = await danceBall(host, { "scripts/1": script }, "--noop");
    assertEquals(code, 1);
    assertStringIncludes(stderr, "scripts/1, line 2, decides by the exit code of an effect");
  });

  it("control: ending with it in Perl decides nothing", async () => {
    await using host = await freshHost();
    stubServices(host);
    const script = "#!/usr/bin/perl\n# if systemctl restart nginx; then\n" +
      'system("systemctl restart nginx") == 0 or die;\n';
    const { code, stderr } = await danceBall(host, { "scripts/1": script }, "--noop");
    assertEquals(code, 0, stderr);
  });
});
