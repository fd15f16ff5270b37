# What runs on the host: listeners that leave a trace of whoever comes, things in the memory of the
# kernel, and a key. Says "ready", then serves until it is killed. /srv/trace is what they wrote down.
use strict;
use warnings;
use Errno;
use Fcntl;
use IO::Select;
use IO::Socket::INET;
use IO::Socket::UNIX;
use Socket;

our $CALL = require($0 =~ s{[^/]+$}{universe/balls/nasty/lib/calls.pl}r);

sub trace {
  open my $out, '>>', '/srv/trace' or die "trace: $!";
  print $out "@_\n";
}

my %names;
my $select = IO::Select->new;
sub serve {
  my ($name, $socket) = @_;
  die "$name: $! $@" unless $socket;
  $names{$socket} = $name;
  $select->add($socket);
}

sub unix_socket {
  IO::Socket::UNIX->new(Type => SOCK_STREAM, Local => $_[0], Listen => 5);
}

serve 'tcp', IO::Socket::INET->new(LocalAddr => '127.0.0.1:4711', Listen => 5, ReuseAddr => 1);
serve 'udp', IO::Socket::INET->new(LocalAddr => '127.0.0.1:4711', Proto => 'udp');
serve 'run', unix_socket('/run/untouched.sock');
serve 'disk', unix_socket('/srv/untouched.sock');
serve 'abstract', unix_socket("\0untouched");
unlink '/srv/untouched.fifo';
system('mkfifo', '/srv/untouched.fifo') == 0 or die 'mkfifo';
sysopen(my $fifo, '/srv/untouched.fifo', O_RDWR | O_NONBLOCK) or die "fifo: $!";
serve 'fifo', $fifo;

open my $file, '>', '/dev/shm/untouched' or die $!;
print $file "here\n";
close $file;
defined shmget(0x4711, 4096, 01666) or die "shmget: $!";
defined semget(0x4711, 1, 01666) or die "semget: $!";
defined msgget(0x4711, 01666) or die "msgget: $!";
$CALL->('mq_open', 'untouched', O_CREAT | O_RDWR, 0666, 0);

# A keyring of this process's own, so that the key goes with it; whoever is root may do all to it.
$CALL->('keyctl', 1, 0);
my $key = $CALL->('add_key', 'user', 'untouched-key', 'secret', 6, -3);
$CALL->('keyctl', 5, $key, 0x3f3f0000);

$| = 1;
print "ready\n";
for (;;) {
  for my $socket ($select->can_read) {
    my $name = $names{$socket};
    if ($name eq 'fifo' || $name eq 'udp') {
      sysread $socket, my $word, 100;
      trace $name;
    } else {
      my $guest = $socket->accept or next;
      trace $name;
      close $guest;
    }
  }
}
