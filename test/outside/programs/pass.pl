#!/usr/bin/perl
# Gives a descriptor of the host's root to whoever connects: pass.pl NAME; "@x" is an abstract name.
# Prints "ready". Needs no module beyond perl-base.
use strict;
use warnings;
use Socket;

my ($name) = @ARGV;
(my $address = $name) =~ s/^@/\0/;
socket my $server, PF_UNIX, SOCK_STREAM, 0 or die "socket: $!";
bind $server, sockaddr_un($address) or die "bind: $!";
chmod 0777, $name;
listen $server, 16 or die "listen: $!";
opendir my $root, '/' or die "/: $!";
$| = 1;
print "ready\n";
my $sendmsg = `uname -m` =~ /aarch64/ ? 211 : 46;
while (accept my $client, $server) {
    my ($byte, $control) = ('x', pack 'QllLx4', 20, 1, 1, fileno $root);
    my $part = pack 'PQ', $byte, 1;
    my $message = pack 'QLx4PQPQLx4', 0, 0, $part, 1, $control, length $control, 0;
    syscall $sendmsg, fileno $client, $message, 0;
}
