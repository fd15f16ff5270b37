/**
 * A package in a host, and an apt-get that has it: something to install without a network.
 *
 * @module
 */
import type { ThrowawayHost } from "../host/mod.ts";

/** Make the package of this name; `apt-get install` of the host installs it with the real dpkg. */
export async function packageFor(host: ThrowawayHost, name: string): Promise<void> {
  host.write("/srv/build/DEBIAN/control", CONTROL.replaceAll("NAME", name));
  host.write(`/srv/build/usr/sbin/${name}d`, "#!/bin/sh\n", 0o755);
  const build = ["dpkg-deb", "--build", "--root-owner-group", "/srv/build", `/srv/${name}.deb`];
  await host.run(build);
  await host.run(["rm", "-r", "/srv/build"]);
  host.write("/usr/bin/apt-get", APT_GET.replaceAll("NAME", name), 0o755);
}

const CONTROL = `Package: NAME
Version: 99
Architecture: all
Maintainer: The DISCO authors <nobody@example.net>
Description: a package for a test
`;

const APT_GET = `#!/bin/sh
case $1 in
  update) ;;
  install) exec dpkg --install /srv/NAME.deb ;;
  *) exit 1 ;;
esac
`;
