/**
 * Lets a throw-away host look as if systemd had booted it.
 *
 * @module
 */
import type { ThrowawayHost } from "../host/mod.ts";

/**
 * Packages and balls meet what they meet on a node. `systemctl` is the real one for what it does to
 * files; what it would tell the running systemd, of which there is none, is written to `/run/calls`.
 */
export function asBooted(host: ThrowawayHost): void {
  host.mkdir("/run/systemd/system");
  const real = "/usr/bin/systemctl.real";
  if (!host.exists("/usr/bin/systemctl") || host.exists(real)) return;
  host.write(real, host.readBytes("/usr/bin/systemctl"), 0o755);
  host.write("/usr/bin/systemctl", SYSTEMCTL, 0o755);
}

const SYSTEMCTL = `#!/bin/sh
for word; do
  case $word in
    is-active | is-failed | show | status) exit 3 ;;
    start | stop | restart | reload | try-restart | reload-or-restart | try-reload-or-restart | \\
      daemon-reload | daemon-reexec)
      echo "systemctl $*" >>/run/calls
      exit 0
      ;;
  esac
done
exec /usr/bin/systemctl.real "$@"
`;
