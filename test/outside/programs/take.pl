#!/usr/bin/perl
# Takes a descriptor of a directory from a socket, and goes through it: take.pl NAME SECRET MARK
# prints SECRET's content, makes MARK, both relative to that directory. Says what failed.
use strict;
use warnings;
use Socket;

my ($name, $secret, $mark) = @ARGV;
$name =~ s/^@/\0/;
socket my $client, PF_UNIX, SOCK_STREAM, 0 or die "socket: $!\n";
connect $client, sockaddr_un($name) or die "refused: connect: $!\n";
my $aarch = `uname -m` =~ /aarch64/;
my ($byte, $control) = (' ', "\0" x 64);
my $part = pack 'PQ', $byte, 1;
my $message = pack 'QLx4PQPQLx4', 0, 0, $part, 1, $control, length $control, 0;
syscall($aarch ? 212 : 47, fileno $client, $message, 0) > 0 or die "refused: recvmsg: $!\n";
my ($length, undef, undef, $fd) = unpack 'QllL', $control;
die "refused: no descriptor came\n" if $length < 20;
my $openat = $aarch ? 56 : 257;
my @tried = (
    sub { my $n = syscall $openat, $fd, $secret, 0; $n < 0 ? die "openat: $!\n" : $n },
    sub { chdir "/proc/self/fd/$fd" or die "chdir: $!\n"; open my $f, '<', $secret or die "open: $!\n"; $f },
    sub { syscall($aarch ? 50 : 81, $fd) == 0 or die "fchdir: $!\n"; chroot '.' or die "chroot: $!\n"; open my $f, '<', "/$secret" or die "open: $!\n"; $f },
);
for my $try (@tried) {
    my $found = eval { $try->() };
    if (!defined $found) { print "refused: $@"; next }
    open my $file, '<&=', ref $found ? fileno $found : $found or next;
    print "through: ", <$file>;
    open my $new, '>', $mark;
    syscall $openat, $fd, $mark, 0101, 0644;
    last;
}
