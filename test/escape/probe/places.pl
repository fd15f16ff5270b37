# Attempts on memory that processes share, on devices, on the host's temporary files, on what DISCO
# has in the sandbox, and on the terminal.
use strict;
use warnings;
use POSIX ();

my $TIOCSTI = 0x5412;

attempt 'shared-memory' => sub { verdict(defined shmget($ENV{SHM_KEY}, 1, 0) ? 0 : -1) };
attempt 'message-queue' => sub { verdict(call('mq_open', "escape\0", 0, 0, undef)) };
attempt 'dev-shm' => sub { verdict(-e '/dev/shm/escape' ? 0 : -1) };
attempt 'tmp' => sub { verdict(-e '/tmp/escape' ? 0 : -1) };
attempt 'run' => sub { verdict(-e '/run/escape/secret' ? 0 : -1) };

attempt 'make-device' => sub {
    my $path = "/srv/escape-$$";
    my @verdict = verdict(call('mknodat', -100, "$path\0", 060600, 7 << 8));
    unlink $path;
    return @verdict;
};
sub open_device {
    my ($path) = @_;
    return verdict(sysopen(my $file, $path, POSIX::O_RDONLY() | POSIX::O_NONBLOCK()) ? 0 : -1);
}
# Loop devices, which hold nothing.
attempt 'open-device' => sub { open_device('/srv/escape/disk') };
attempt 'open-host-device' => sub { open_device('/dev/loop0') };
# To what it is already.
attempt 'change-device' => sub { verdict(chmod(0666, '/dev/null') ? 0 : -1) };

my %FOLDERS = (
    'change-commands' => '/run/disco/bin',
    'change-shims' => '/run/disco/shims',
    'change-host-commands' => '/run/disco/live/0',
    'change-ball' => '/run/disco/ball',
    'change-settings' => '/etc/disco',
    'change-state' => '/var/disco',
);
while (my ($name, $path) = each %FOLDERS) {
    attempt $name => sub { make_in($path) };
}
attempt 'change-parameters' => sub { write_open("/var/disco/parameters/$ENV{NODE}/escape") };
attempt 'change-time' => sub { write_open('/run/disco/time') };

# What DISCO writes to from outside must stay where it is.
for my $name (qw(ask effects out)) {
    attempt "replace-$name" => sub {
        my $path = "/run/disco/$name";
        my @verdict = verdict(rename($path, "$path-escape") ? 0 : -1);
        rename "$path-escape", $path if $verdict[0] eq 'through';
        return @verdict;
    };
}

attempt 'type' => sub {
    open my $terminal, '+<', '/dev/tty' or return verdict(-1);
    my $key = 'x';
    return verdict(ioctl($terminal, $TIOCSTI, $key) ? 0 : -1);
};

1;
