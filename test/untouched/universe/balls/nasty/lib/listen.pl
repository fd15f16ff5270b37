# A daemon with sockets of its own: TCP, UDP, Unix, abstract, raw and packet, as far as it gets them.
use strict;
use warnings;
use IO::Socket::INET;
use IO::Socket::UNIX;
use Socket;

my @kept = (
  IO::Socket::INET->new(LocalPort => 4712, Listen => 5),
  IO::Socket::INET->new(LocalPort => 4712, Proto => 'udp'),
  IO::Socket::UNIX->new(Local => '/run/nasty-mark.sock', Listen => 5),
  IO::Socket::UNIX->new(Local => "\0nasty-mark", Listen => 5),
);
socket my $raw, PF_INET, SOCK_RAW, 1;
socket my $packet, 17, 3, 0x300;
sleep 600;
