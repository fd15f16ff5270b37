#!/usr/bin/perl
# Runs a program at a terminal of its own: terminal.pl PROGRAM ARGUMENTS. Prints what the terminal shows.
use strict;
use warnings;
use POSIX ();

my ($TIOCSPTLCK, $TIOCGPTN) = (0x40045431, 0x80045430);
open my $master, '+<', '/dev/ptmx' or die "cannot open /dev/ptmx: $!";
my $number = pack 'i', 0;
ioctl $master, $TIOCSPTLCK, $number or die "cannot unlock the terminal: $!";
ioctl $master, $TIOCGPTN, $number or die "cannot name the terminal: $!";
my $child = fork // die "fork: $!";
if ($child == 0) {
    close $master;
    POSIX::setsid();
    my $fd = POSIX::open('/dev/pts/' . unpack('i', $number), POSIX::O_RDWR());
    defined $fd or die "cannot open the terminal: $!";
    POSIX::dup2($fd, $_) for 0 .. 2;
    POSIX::close($fd) if $fd > 2;
    exec @ARGV or die "cannot start $ARGV[0]: $!";
}
print while sysread $master, $_, 4096;
waitpid $child, 0;
exit($? >> 8 || $? & 127);
