# A descriptor of / over a socket: `passing.pl give NAME` on the host gives one to each who connects
# to the abstract socket, `passing.pl take NAME PATH` in the sandbox opens a path by it.
use strict;
use warnings;
use Socket;

my ($role, $name, $path) = @ARGV;
my $address = pack 'S a*', AF_UNIX, "\0$name";
my ($SENDMSG, $RECVMSG, $OPENAT) = `uname -m` =~ /x86_64/ ? (46, 47, 257) : (211, 212, 56);
socket my $socket, AF_UNIX, SOCK_STREAM, 0 or die "cannot make a socket: $!";

# struct msghdr of one byte and one control message, SCM_RIGHTS with one descriptor.
my $byte = 'x';
my $vector = pack 'P Q', $byte, 1;
my $control = pack 'Q i i i x4', 20, SOL_SOCKET, 1, 0;
sub message { return pack 'Q L x4 P Q P Q i x4', 0, 0, $vector, 1, $control, length $control, 0 }

if ($role eq 'give') {
    bind $socket, $address or die "cannot bind: $!";
    listen $socket, 8 or die "cannot listen: $!";
    opendir my $root, '/' or die "cannot open /: $!";
    $control = pack 'Q i i i x4', 20, SOL_SOCKET, 1, fileno $root;
    $| = 1;
    print "ready\n";
    while (accept my $peer, $socket) {
        syscall($SENDMSG, fileno $peer, message(), 0) < 0 and die "cannot send: $!";
    }
}
connect $socket, $address or print("connect: $!\n"), exit;
syscall($RECVMSG, fileno $socket, message(), 0) < 0 and die "cannot receive: $!";
my $root = (unpack 'Q i i i x4', $control)[3];
my $fd = syscall $OPENAT, $root, "$path\0", 0;
print("open: $!\n"), exit if $fd < 0;
open my $file, '<&=', $fd or die "cannot read: $!";
print "read: ", <$file>;
