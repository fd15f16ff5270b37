#!/usr/bin/perl
# A hostile rsync daemon: server.pl PORT HOW. Prints "ready". Needs no module beyond perl-base.
use strict;
use warnings;
use Socket;

my ($port, $how) = @ARGV;
$SIG{CHLD} = $SIG{PIPE} = 'IGNORE';
socket my $server, PF_INET, SOCK_STREAM, 0 or die "socket: $!";
setsockopt $server, SOL_SOCKET, SO_REUSEADDR, 1;
bind $server, sockaddr_in($port, INADDR_LOOPBACK) or die "bind: $!";
listen $server, 16 or die "listen: $!";
$| = 1;
print "ready\n";
while (accept my $client, $server) {
    next if fork;
    serve($client);
    exit;
}

sub serve {
    my ($client) = @_;
    my $say = sub { my $done = syswrite $client, $_[0]; exit if !defined $done };
    if ($how eq 'silent')  { sleep 3600 }
    if ($how eq 'garbage') { $say->(join '', map { chr rand 256 } 1 .. 4096) for 1 .. 100; return }
    if ($how eq 'drip')    { while (1) { $say->('@'); sleep 1 } }
    if ($how eq 'long')    { $say->('x' x 65536) while 1 }
    $say->("\@RSYNCD: 27.0\n");
    line($client);
    line($client);
    if ($how eq 'motd')  { $say->("message of the day\n" x 1000) while 1 }
    if ($how eq 'error') { $say->("\@ERROR: \e[2Jinfo: all is well\r\x{9b}31m\n"); return }
    $say->("\@RSYNCD: OK\n");
    while (1) { last if line($client) eq '' }
    # The seed of checksums; from here on what this side says is in packets of the kind 7.
    $say->(pack 'V', 1);
    my $packet = sub { $say->(pack('V', (7 << 24) | length $_[0]) . $_[0]) };
    if ($how eq 'names') {
        # The list of files, as protocol 27 has it: flags, length and text of the name, size, time, mode.
        for my $name ('.', '../../../../../etc/was-sent', '/etc/was-sent', 'n/../../../etc/was-sent') {
            my $mode = $name eq '.' ? 040755 : 0100644;
            $packet->(pack 'CCa*VVV', 1, length $name, $name, 4, 1_000_000_000, $mode);
        }
        $packet->(pack 'CV', 0, 0);
        sleep 20;
    }
    if ($how eq 'list') {
        my $n = 0;
        while (1) {
            my $name = sprintf 'f%09d', $n++;
            $packet->(pack 'CCa*VVV', 1, length $name, $name, 4, 1_000_000_000, 0100644);
        }
    }
    if ($how eq 'messages') { $say->(pack('V', (9 << 24) | 1000) . ('m' x 999) . "\n") while 1 }
}

sub line {
    my ($client) = @_;
    my $line = '';
    while (sysread $client, my $byte, 1) { return $line if $byte eq "\n" || $byte eq "\0"; $line .= $byte }
    exit;
}
