#!/usr/bin/perl
# Lays out on the host what the probe tries to reach, says so in lines NAME=VALUE and "ready", and waits
# for the end of standard input. It is the victim of the attempts on processes itself.
use strict;
use warnings;
use Errno ();
use POSIX ();
use Socket;

our $MACHINE;
my ($folder) = $0 =~ m{^(.*)/};
do "$folder/probe/calls.pl" or die "cannot read calls.pl: " . ($@ || $!);

my $HOME = '/srv/escape';
my $SHM_KEY = 0x6573;
my @kept;

my @service = map { "/run/disco/$_" } qw(ask effects out);
for my $path ('/run/escape', '/run/systemd', '/run/dbus', $HOME, '/run/disco', @service) {
    -d $path or mkdir $path or die "cannot make $path: $!";
}
my @unix = ('/run/systemd/private', '/run/dbus/system_bus_socket', '/run/docker.sock');
push @kept, map { listener(AF_UNIX, pack_sockaddr_un($_)) } @unix, "$HOME/own.sock", '/run/escape/own.sock',
    "\0escape";
my $tcp = listener(AF_INET, pack_sockaddr_in(0, inet_aton('127.0.0.1')));
my ($port) = unpack_sockaddr_in(getsockname $tcp);

touch($_) for '/run/escape/secret', '/tmp/escape', '/dev/shm/escape', "$HOME/mounted.sock";
mkdir "$HOME/readonly" or die "cannot make a folder: $!";
run('mount', '--bind', '/run/docker.sock', "$HOME/mounted.sock");
run('mount', '--bind', '-o', 'ro', '/run/escape', "$HOME/readonly");
call('mknodat', -100, "$HOME/disk\0", 060600, 7 << 8) == 0 or die "cannot make a device: $!";
defined shmget($SHM_KEY, 1, 01600) or die "cannot share memory: $!";
my ($O_CREAT, $O_RDWR) = (0100, 2);
call('mq_open', "escape\0", $O_CREAT | $O_RDWR, 0600, undef) >= 0 or die "cannot make a queue: $!";

my @root = stat '/';
print "$_\n" for "VICTIM=$$", "PORT=$port", "SHM_KEY=$SHM_KEY", "HOST_ROOT=$root[0]:$root[1]",
    'HOST_UTS=' . readlink('/proc/self/ns/uts'), 'HOST_NET=' . readlink('/proc/self/ns/net'),
    'HANDLE=' . handle('/run/escape/secret'), 'ready';
close STDOUT;
chdir '/';
1 while <STDIN>;

sub run { system(@_) == 0 or die "cannot @_" }

sub listener {
    my ($family, $address) = @_;
    socket my $socket, $family, SOCK_STREAM, 0 or die "socket: $!";
    bind $socket, $address or die "bind: $!";
    listen $socket, 128 or die "listen: $!";
    return $socket;
}

sub touch {
    my ($path) = @_;
    open my $file, '>', $path or die "cannot make $path: $!";
}

# struct file_handle, in hexadecimal.
sub handle {
    my ($path) = @_;
    my $handle = pack 'L l x128', 128, 0;
    my $mount = pack 'l', 0;
    call('name_to_handle_at', -100, "$path\0", address($handle), address($mount), 0) == 0
        or die "no handle: $!";
    return unpack 'H*', substr $handle, 0, 8 + unpack 'L', $handle;
}
