import { it } from "@std/testing/bdd";
import { describeOnHost, newScene } from "../host/mod.ts";
import { GIVEN } from "../host/scene.ts";

describeOnHost("a name with a newline", () => {
  it("of a bash template is told, and that only there it matters", async () => {
    await using scene = await newScene();
    await scene.ball("a", { "templates/srv/a\nb": "echo x" }).dryRun()
      .fails('Cannot render template "templates/srv/a\\nb" of ball "a": its name holds a newline');
    await scene.ball("a", {
      "templates/srv/a\nb.eta": "x\n",
      "files/srv/c\nd": "y\n",
    }).dance().ok().leaves({ "/srv/a\nb": "x\n", "/srv/c\nd": "y\n" });
  });

  it("of a parameter's folder is told by its place in the universe", async () => {
    await using scene = await newScene();
    scene.ball("a", { "files/srv/x": "x\n" }).parameters({ "app/a\nb/c": "" });
    await scene.danceInWords("--noop")
      .fails('Cannot merge parameter "parameters/n/app/a\\nb": its name cannot be part of a key');
  });
});

describeOnHost("a universe that is reached by a link", () => {
  it("is used if the link is root's, or all is its owner's, and refused otherwise", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.balls({ a: { "files/srv/x": "x\n" } });
    host.mkdir("/srv/home");
    await host.run(["cp", "-R", GIVEN, "/srv/root-only"]);
    await host.run(["cp", "-R", GIVEN, "/srv/home/own"]);
    const links = ["ln -s /srv/root-only users; ln -s /srv/root-only roots; ln -s own mine"];
    await scene.sh(`cd /srv/home && ${links}; chown -h 1000 users mine; chown -R 1000 own .`);
    await host.run(["chown", "-h", "0", "/srv/home/roots"]);
    const reached = (name: string) => scene.from("--node", "n", "--server", `/srv/home/${name}`);
    await reached("roots").dryRun().ok();
    await reached("mine").dryRun().ok();
    await reached("users").danceInWords("--noop")
      .fails('"/srv/home/users" is a symlink of user 1000');
  });
});
