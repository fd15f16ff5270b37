#!/bin/bash
# What a helper of DISCO's would do once it is taken over: taken_over.sh WORD... It looks around, changes
# what it can, and writes what it found where it may write.
{
  grep -hE '^(Uid|CapEff|NoNewPrivs):' /proc/self/status
  for file in /root/secret /etc/shadow /run/secret/token; do
    cat "$file" >/dev/null 2>&1 && echo "reads $file"
  done
  for folder in / /etc /run /root /var/tmp /usr/bin /var/disco /var/disco/generations /etc/disco; do
    touch "$folder/was-run" 2>/dev/null && echo "writes $folder"
  done
  kill -0 1 2>/dev/null && [ "$(cat /proc/1/comm)" = cat ] && echo 'sees the processes of the host'
  perl -MSocket -e 'socket my $s, PF_UNIX, SOCK_STREAM, 0; connect $s, sockaddr_un("/run/bus") or exit 1' 2>/dev/null &&
    echo 'talks to a socket in /run'
} >"/tmp/found.$$" 2>/dev/null
# All that leads to the test: what it says on its standard error, and the incoming folder.
cat "/tmp/found.$$" >&2
for last; do :; done
cp "/tmp/found.$$" "$last/found" 2>/dev/null
exit 1
