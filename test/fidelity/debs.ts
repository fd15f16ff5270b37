/**
 * Real Debian packages for hosts that have no network: fetched once by the machine, then given to a
 * host as a repository of its own.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { ThrowawayHost } from "../host/mod.ts";

/** Kept between runs, by name and version; a temporary folder, so nobody need tidy up. */
const CACHE = `${Deno.env.get("TMPDIR") ?? "/tmp"}/disco-fidelity-debs`;
const REPOSITORY = "/srv/repo";

/** Files of the machine, by the name of the package. */
export type Debs = ReadonlyMap<string, string>;

/** Fetch what the cache has not; a string says why that is not possible here. */
export async function fetchDebs(packages: readonly string[]): Promise<Debs | string> {
  try {
    await Deno.mkdir(`${CACHE}/lists/partial`, { recursive: true });
    await Deno.mkdir(`${CACHE}/archives/partial`, { recursive: true });
    return await fetchListed(packages).catch(async () => {
      await apt(CACHE, "update");
      return await fetchListed(packages);
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    return `no Debian packages can be had here, perhaps for want of a mirror: ${reason}`;
  }
}

/** Make these the only packages that the host's apt knows of. */
export async function giveDebs(
  host: ThrowawayHost,
  debs: Debs,
  packages: readonly string[],
): Promise<void> {
  const paragraphs: string[] = [];
  for (const file of packages.map((name) => debs.get(name)!)) {
    const name = file.slice(file.lastIndexOf("/") + 1);
    const bytes = Deno.readFileSync(file);
    host.write(`${REPOSITORY}/${name}`, bytes);
    const fields = (await output(["dpkg-deb", "-f", file])).trimEnd();
    const size = `Size: ${bytes.length}`;
    paragraphs.push(
      [fields, `Filename: ./${name}`, size, `SHA256: ${sha256(bytes)}`, ""].join("\n"),
    );
  }
  host.write(`${REPOSITORY}/Packages`, paragraphs.join("\n"));
  await host.run(["bash", "-ec", PLAIN_DEBIAN]);
  host.write("/etc/apt/sources.list", `deb [trusted=yes] file:${REPOSITORY} ./\n`);
}

/**
 * What images for containers add to Debian so that packages start no service and apt keeps no
 * caches, and what desktops add, is no part of an ordinary server.
 */
const PLAIN_DEBIAN = `
rm -f /etc/apt/sources.list /etc/apt/sources.list.d/* /usr/sbin/policy-rc.d
rm -f /etc/apt/apt.conf.d/docker-* /etc/apt/apt.conf.d/*packagekit /etc/apt/apt.conf.d/*appstream
rm -rf /var/lib/apt/lists/*
`;

/** Begins the name of a package whose only dependency is meant: a kernel's name has its version. */
const META = "meta:";

/** Fails if the lists do not know a package, or know a version that the mirror has no more. */
async function fetchListed(packages: readonly string[]): Promise<Debs> {
  const names = new Map<string, string>();
  for (const name of packages) names.set(await nameOf(name), name);
  const wanted = await namesOf([...names.keys()]);
  if (!wanted.every(isCached)) await apt(CACHE, "download", ...names.keys());
  return new Map(
    wanted.map(({ name }) => [names.get(name.replace(/_.*/, ""))!, `${CACHE}/${name}`]),
  );
}

async function nameOf(name: string): Promise<string> {
  if (!name.startsWith(META)) return name;
  const lists = ["-o", `Dir::State::lists=${CACHE}/lists`, "-o", `Dir::Cache=${CACHE}`];
  const said = await output(["apt-cache", ...lists, "depends", name.slice(META.length)]);
  const found = /^ +Depends: (\S+)$/m.exec(said)?.[1];
  if (found === undefined) throw new Error(`apt-cache depends says "${said.trim()}"`);
  return found;
}

interface Wanted {
  /** Of the file; holds the version. */
  readonly name: string;
  readonly sha256: string;
}

/** Which files apt would download. */
async function namesOf(packages: readonly string[]): Promise<Wanted[]> {
  // In the folder where they are it would not name them.
  const all = await apt(`${CACHE}/lists`, "--print-uris", "download", ...packages);
  return all.trim().split("\n").map((line) => {
    const [, name, , hash] = line.split(" ");
    if (!name || !hash?.startsWith("SHA256:")) throw new Error(`apt-get said "${line}"`);
    return { name, sha256: hash.slice("SHA256:".length) };
  });
}

function isCached({ name, sha256: expected }: Wanted): boolean {
  try {
    return sha256(Deno.readFileSync(`${CACHE}/${name}`)) === expected;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** With lists of its own: the machine's are left as they are. */
function apt(cwd: string, ...args: string[]): Promise<string> {
  const places = [`Dir::State::lists=${CACHE}/lists`, `Dir::Cache=${CACHE}`];
  const options = [...places, "Acquire::Retries=1", "Acquire::http::Timeout=20"];
  // As root it would give the files to an account that cannot write here.
  const all = [...options, "APT::Sandbox::User=root"].flatMap((option) => ["-o", option]);
  return output(["apt-get", "-q", ...all, ...args], cwd);
}

async function output([command = "", ...args]: readonly string[], cwd = "/"): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args,
    cwd,
    stdin: "null",
    signal: AbortSignal.timeout(60_000),
    env: { LC_ALL: "C.UTF-8" },
  }).output();
  if (success) return new TextDecoder().decode(stdout);
  const said = new TextDecoder().decode(stderr).trim().split("\n");
  throw new Error(`${command} failed: ${said.find((line) => line.startsWith("E: ")) ?? said[0]}`);
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
