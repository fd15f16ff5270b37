/**
 * CFEngine, for comparison: from Debian's packages, in a throw-away host, with a policy that does the
 * same work. Of its programs only the agent and its check of policies are there: a policy that does
 * not load makes the agent start a daemon.
 *
 * @module
 */
import { fetchDebs } from "../fidelity/debs.ts";
import type { ThrowawayHost } from "../host/mod.ts";
import type { Contender } from "./contenders.ts";
import { NODE, TARGET, UNIVERSE } from "./universe.ts";

const PACKAGES = [
  "cfengine3",
  "liblmdb0",
  "libpcre3",
  "libpromises3",
  "libssh-4",
  "libvirt0",
  "libyajl2",
];
const FOLDER = "/opt/cfengine";
const POLICY = "/srv/policy.cf";
const LIBRARIES = ["usr/lib", "usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu"]
  .map((folder) => `${FOLDER}/${folder}`).join(":");

/** What it needs besides its packages; it looks for `cf-promises` in one place only. */
const SET_UP = `
ln -s ${FOLDER}/usr/bin/cf-promises /usr/bin/
rm ${FOLDER}/usr/bin/cf-{serverd,execd,monitord}
mkdir -p /var/lib/cfengine3/{inputs,modules,outputs,state}
mkdir -m 0700 /var/lib/cfengine3/ppkeys
chmod 0600 ${POLICY}
export LD_LIBRARY_PATH=${LIBRARIES}
${FOLDER}/usr/bin/cf-key >/dev/null
${FOLDER}/usr/bin/cf-promises -f ${POLICY}
`;

/** CFEngine in a host, for the universe that is there; a string says why it cannot be had. */
export async function cfengine(host: ThrowawayHost): Promise<Contender | string> {
  const debs = await fetchDebs(PACKAGES);
  if (typeof debs === "string") return debs;
  host.mkdir(FOLDER);
  for (const file of debs.values()) {
    const args = ["-x", file, `/proc/${host.pid}/root${FOLDER}`];
    const { success } = new Deno.Command("dpkg-deb", { args }).outputSync();
    if (!success) return `${file} cannot be unpacked`;
  }
  host.write(POLICY, await policy(host));
  await host.run(["bash", "-ec", SET_UP]);
  // Without -K a second run within a minute does nothing.
  const words = ["env", `LD_LIBRARY_PATH=${LIBRARIES}`, `${FOLDER}/usr/bin/cf-agent`, "-K"];
  return {
    name: "CFEngine",
    argv: (noop) => [...words, ...(noop ? ["--dry-run"] : []), "-f", POLICY],
  };
}

async function policy(host: ThrowawayHost): Promise<string> {
  const list = async (folder: string, ...words: string[]) =>
    (await host.run(["find", folder, ...words])).split("\n").filter((line) => line !== "").sort();
  const balls = (await list(`${UNIVERSE}/balls`, "-mindepth", "1", "-maxdepth", "1"))
    .map((path) => path.slice(path.lastIndexOf("/") + 1));
  const top = `${UNIVERSE}/peers/mustache`;
  const templates = (await list(top, "-type", "f")).map((path) => {
    const [, ball = "", target = ""] = /^\/([^/]+)(.*)\.mustache$/.exec(path.slice(top.length))!;
    const data = `parsejson('{"node":"${NODE}","value":"$(value[${ball}])"}')`;
    return `    "${target}" create => "true", edit_defaults => plain, edit_template => "${path}",
      template_method => "mustache", template_data => ${data};`;
  });
  const scripts = await list(`${UNIVERSE}/balls`, "-path", "*/scripts/*");
  const value = `${UNIVERSE}/parameters/${NODE}/bench`;
  return `body common control { bundlesequence => { "bench" }; }
body copy_from same(from) {
  source => "$(from)"; compare => "mtime"; preserve => "true"; copy_backup => "false";
}
body depth_search all { depth => "inf"; }
body edit_defaults plain { edit_backup => "false"; }
bundle agent bench {
  vars:
    "balls" slist => { ${balls.map((ball) => `"${ball}"`).join(", ")} };
    "value[$(balls)]" string => string_trim(readfile("${value}/$(balls)"));
  files:
    "${TARGET}/$(balls)/." create => "true";
    "${TARGET}/$(balls)" copy_from => same("${UNIVERSE}/balls/$(balls)/files${TARGET}/$(balls)"),
      depth_search => all;
${templates.join("\n")}
  commands:
${scripts.map((script) => `    "/bin/bash ${script}";`).join("\n")}
}
`;
}
