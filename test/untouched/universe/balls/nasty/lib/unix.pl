# Connects to a Unix socket: unix.pl PATH, or @NAME for one without a path.
use strict;
use warnings;
use IO::Socket::UNIX;
IO::Socket::UNIX->new(Peer => $ARGV[0] =~ s/^@/\0/r) or exit 1;
