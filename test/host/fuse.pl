#!/usr/bin/perl
# A file system in user space for a throw-away host: fuse.pl MOUNTPOINT USER OPTIONS [stop]
#
# One directory, in which special files can be made. It is mounted as fusermount3 would for the user
# with this number: OPTIONS is empty or "allow_other". Prints "ready"; with "stop" it then answers
# nothing any more, as a server that is stopped or cut off. Ends when it is unmounted. The protocol is
# that of linux/fuse.h; needs no module beyond perl-base, and no libfuse.
use strict;
use warnings;

my ($at, $user, $options, $stop) = @ARGV;
my $aarch = `uname -m` =~ /aarch64/;
my $device = '/dev/fuse';
system('mknod', $device, 'c', 10, 229) == 0 or die "mknod: $!" if !-e $device;
open my $fuse, '+<', $device or die "$device: $!";
my $data = sprintf 'fd=%d,rootmode=40755,user_id=%d,group_id=%d', fileno $fuse, $user, $user;
$data .= ",$options" if $options;
# The descriptor is this process's: mount(2), not mount(8).
my ($source, $type) = ('disco-test', 'fuse.test');
syscall($aarch ? 40 : 165, $source, $at, $type, 6, $data) == 0 or die "mount: $!";
$| = 1;

use constant { ENOENT => 2, ENOSYS => 38 };
# By the number of the inode: [name, mode].
my %inodes = (1 => ['', 040755]);
my %handlers = (
    1 => \&lookup,
    3 => sub { pack('QLL', 0, 0, 0) . attributes($_[0]) },
    # SETATTR
    4 => sub { pack('QLL', 0, 0, 0) . attributes($_[0]) },
    8 => \&make,
    # OPEN, STATFS, OPENDIR
    14 => sub { pack 'QLL', 0, 0, 0 },
    17 => sub { pack 'QQQQQLLLL@80', 100, 50, 50, 100, 50, 4096, 255, 4096, 0 },
    27 => sub { pack 'QLL', 0, 0, 0 },
    15 => sub { '' },
    18 => sub { '' },
    28 => \&list,
    29 => sub { '' },
    # INIT: version 7.31
    26 => sub { pack 'LLLLSSLLSSL@64', 7, 31, 0, 0, 0, 0, 4096, 1, 0, 0, 0 },
);

my $asked;
while (sysread $fuse, $asked, 1 << 20) {
    my ($length, $opcode, $unique, $node) = unpack 'LLQQ', $asked;
    # FORGET, INTERRUPT, BATCH_FORGET: nobody waits.
    next if $opcode == 2 || $opcode == 36 || $opcode == 42;
    my ($handler, $body) = ($handlers{$opcode}, substr $asked, 40);
    my $answer = $handler ? $handler->($node, $body) : undef;
    my $error = !$handler ? ENOSYS : defined $answer ? 0 : ENOENT;
    $answer = '' if $error;
    syswrite $fuse, pack('LlQ', 16 + length $answer, -$error, $unique) . $answer;
    next if $opcode != 26;
    print "ready\n";
    close STDOUT;
    if ($stop) { sleep 3600 while 1 }
}

# struct fuse_attr
sub attributes {
    my ($node) = @_;
    my $mode = $inodes{$node}[1];
    return pack 'QQQQQQLLLLLLLLLL', $node, 0, 0, (1_000_000_000) x 3, 0, 0, 0, $mode, 1, $user, $user, 0, 4096, 0;
}

# struct fuse_entry_out
sub entry {
    my ($node) = @_;
    return pack('QQQQLL', $node, 0, 3600, 3600, 0, 0) . attributes($node);
}

sub lookup {
    my ($parent, $body) = @_;
    my $name = unpack 'Z*', $body;
    my ($node) = grep { $inodes{$_}[0] eq $name && $_ != 1 } keys %inodes;
    return $node ? entry($node) : undef;
}

sub make {
    my ($parent, $body) = @_;
    my ($mode) = unpack 'L', $body;
    my $node = 1 + keys %inodes;
    $inodes{$node} = [unpack('Z*', substr $body, 16), $mode];
    return entry($node);
}

sub list {
    my ($node, $body) = @_;
    my (undef, $offset) = unpack 'QQ', $body;
    my $entries = '';
    my $n = 0;
    for my $other (sort { $a <=> $b } grep { $_ != 1 } keys %inodes) {
        next if $n++ < $offset;
        my ($name, $mode) = @{ $inodes{$other} };
        my $entry = pack 'QQLLa*', $other, $n, length $name, $mode >> 12, $name;
        $entries .= $entry . "\0" x (-length($entry) % 8);
    }
    return $entries;
}
