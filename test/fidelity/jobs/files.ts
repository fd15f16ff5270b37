/**
 * Jobs that bring software and move files about without a package manager.
 *
 * @module
 */
import type { Job } from "../job.ts";

/** 20,000 files in 200 folders. */
const MANY = "mkdir -p /srv/many && cd /srv/many && " +
  "for d in {1..200}; do mkdir $d && echo $d | tee $d/{1..100} >/dev/null; done";

/** The one that changes nothing, of which the cost is printed. */
export const CHOWN_NOTHING: Job = {
  name: "chown -R over 20,000 files, changing none",
  before: MANY,
  ball: { "scripts/10-chown": "chown -R root:root /srv/many" },
};

export const FILES: readonly Job[] = [
  {
    name: "a release with tar and install",
    before: `mkdir -p /tmp/r/app-1.2/bin && cd /tmp/r && echo run >app-1.2/bin/run
      chmod 4755 app-1.2/bin/run; ln app-1.2/bin/run app-1.2/bin/same; ln -s bin/run app-1.2/start
      truncate -s 1M app-1.2/sparse; chown -R 7:8 app-1.2; tar -czf /srv/app-1.2.tar.gz app-1.2
      mkdir -p /opt/app/app-1.0 /opt/app/app-1.1; ln -s app-1.1 /opt/app/current`,
    ball: {
      "scripts/10-release": `set -e
        tar -C /opt/app -xzf /srv/app-1.2.tar.gz
        ln -sfn app-1.2 /opt/app/current
        rm -rf /opt/app/app-1.0
        install -D -m 0750 -o www-data -g adm /opt/app/current/bin/run /usr/local/lib/app/run
        install -d -m 2775 -g adm /var/lib/app/spool
      `,
    },
  },
  {
    name: "git clone and pull",
    tools: ["git"],
    before: `export GIT_AUTHOR_DATE=2026-01-01T00:00:00Z GIT_COMMITTER_DATE=2026-01-01T00:00:00Z
      git init -q --bare /srv/site.git; git clone -q /srv/site.git /tmp/site; cd /tmp/site
      git config user.name A; git config user.email a@example.org
      mkdir css; echo p >css/a; echo i >index; git add .; git commit -qm one; git push -q
      git clone -q --no-hardlinks /srv/site.git /srv/older
      echo more >>index; git rm -q css/a; echo q >new; git add .; git commit -qm two; git push -q`,
    ball: {
      "scripts/10-site": `set -e
        [ -d /srv/www/.git ] || git clone --quiet /srv/site.git /srv/www
        cd /srv/older && git fetch --quiet
        [ "$(git rev-parse HEAD)" = "$(git rev-parse FETCH_HEAD)" ] || git merge --quiet --ff-only
        chown -R www-data: /srv/www/css 2>/dev/null || chown www-data: /srv/www/index
      `,
    },
  },
  {
    name: "a Python environment",
    tools: ["python3"],
    ball: {
      "files/srv/app/lib/app.py": "def main():\n    return 'app'\n",
      "scripts/10-venv": `set -e
        [ -x /srv/app/venv/bin/python ] || python3 -m venv --without-pip /srv/app/venv
        site=$(echo /srv/app/venv/lib/python3*/site-packages)
        echo /srv/app/lib >$site/app.pth
        cp /srv/app/lib/app.py $site/copied.py
        /srv/app/venv/bin/python -m compileall -q $site
        /srv/app/venv/bin/python -c 'import app; print(app.main())'
      `,
    },
  },
  {
    name: "chown -R over 20,000 files, changing all",
    before: MANY,
    ball: { "scripts/10-chown": "chown -R www-data:www-data /srv/many" },
  },
  CHOWN_NOTHING,
  {
    name: "hard links, renamed folders, fifos",
    before: `mkdir -p /srv/d/old/sub/deep /srv/d/gone/sub /srv/d/become && cd /srv/d
      for f in one two old/sub/deep/f old/g gone/sub/f become/f; do echo $f >$f; done
      ln one linked; ln -s one soft; cp -al old copies`,
    notPlain: "names of a file part when one is written to",
    ball: {
      "scripts/10-move": `cd /srv/d; [ ! -d new ] || exit 0; set -e
        mv old new; mv new/sub new/moved; echo more >>new/moved/deep/f
        ln two three; ln -f linked four; ln -sfn two soft
        rm -r gone; rm -r become; echo now a file >become
        mkfifo -m 0600 pipe; cp -al copies again; cp -a new kept; mv two 2
        mkdir old2; mv -T old2 empty; mv -T empty old
      `,
    },
  },
  {
    name: "ACLs, attributes, capabilities",
    before: "mkdir -p /srv/x/sub; cd /srv/x; echo a >a; echo b >b; cp /bin/true t; touch sub/f",
    tools: ["setcap"],
    ball: {
      "scripts/10-attributes": `set -e; cd /srv/x
        setfacl -m u:www-data:r a; setfacl -d -m g:adm:rx sub; [ -e sub/new ] || touch sub/new
        setfattr -n user.origin -v disco b; setcap cap_net_bind_service+ep t
        chmod u+s,o-rwx sub/f; chgrp adm sub/f
      `,
    },
  },
];
