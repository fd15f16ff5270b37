# Attempts on the kernel: its clock, modules, keys, log, program loaders.
use strict;
use warnings;
use POSIX ();

our $MACHINE;
my ($CLOCK_REALTIME, $ADJ_TICK) = (0, 0x4000);

attempt 'reboot' => sub { verdict(call('reboot', 1, 2, 3, undef), 'EINVAL') };
attempt 'settimeofday' => sub { verdict(call('settimeofday', undef, undef)) };
# A tick that no clock can have is found wrong after the capability was asked for.
sub wrong_tick { return pack('L x4 q10', $ADJ_TICK, (0) x 10) . pack('q', 1) . "\0" x 128 }
attempt 'adjtimex' => sub { verdict(call('adjtimex', wrong_tick()), 'EINVAL') };
attempt 'clock-adjtime' => sub {
    return verdict(call('clock_adjtime', $CLOCK_REALTIME, wrong_tick()), 'EINVAL');
};
attempt 'init-module' => sub { verdict(call('init_module', undef, 0, "\0"), 'ENOEXEC', 'EFAULT') };
attempt 'finit-module' => sub { verdict(call('finit_module', -1, "\0", 0), 'EBADF') };
attempt 'delete-module' => sub {
    return verdict(call('delete_module', "disco_has_no_such_module\0", 0), 'ENOENT');
};
attempt 'kexec' => sub { verdict(call('kexec_load', 0, 0, undef, 0xff00), 'EINVAL') };
# SYSLOG_ACTION_SIZE_UNREAD
attempt 'syslog' => sub { verdict(call('syslog', 9, undef, 0)) };
# BPF_PROG_GET_NEXT_ID
attempt 'bpf' => sub { verdict(call('bpf', 11, "\0" x 64, 12), 'ENOENT') };
# A software event of all processes on the first processor.
attempt 'perf' => sub {
    my $event = pack('LLQ', 1, 112, 0) . "\0" x 96;
    return verdict(call('perf_event_open', $event, -1, 0, -1, 0));
};
attempt 'acct' => sub { verdict(call('acct', "/srv/no/such/file\0"), 'ENOENT') };
attempt 'swapon' => sub { verdict(call('swapon', "/srv/no/such/file\0", 0), 'ENOENT') };
# Q_SYNC of every file system: it writes what would be written anyway.
attempt 'quotactl' => sub { verdict(call('quotactl', 0x80000100, undef, 0, undef)) };
# UFFD_USER_MODE_ONLY
attempt 'userfaultfd' => sub { verdict(call('userfaultfd', 1)) };
attempt 'io-uring' => sub { verdict(call('io_uring_setup', 1, "\0" x 120)) };
# Into the keyring of this process, which ends with it.
attempt 'add-key' => sub { verdict(call('add_key', "user\0", "escape\0", 'x', 1, -2)) };
# KEYCTL_GET_KEYRING_ID of the user's keyring, which is not made.
attempt 'keyctl' => sub { verdict(call('keyctl', 0, -4, 0), 'ENOKEY') };
attempt 'request-key' => sub {
    return verdict(call('request_key', "user\0", "escape: no such key\0", undef, 0), 'ENOKEY');
};
attempt 'iopl' => sub { verdict(call('iopl', 3)) };
attempt 'ioperm' => sub { verdict(call('ioperm', 0x80, 1, 1)) };

# Both set what is set already; it counts only if it is the host's.
sub own_name {
    my ($call, $name) = @_;
    my @verdict = verdict(call($call, $name, length $name));
    my $is_host = readlink('/proc/self/ns/uts') eq $ENV{HOST_UTS};
    return $verdict[0] eq 'through' && !$is_host ? ('refused', 'its own') : @verdict;
}
attempt 'sethostname' => sub { own_name('sethostname', (POSIX::uname())[1]) };
attempt 'setdomainname' => sub {
    open my $file, '<', '/proc/sys/kernel/domainname' or die "cannot read the domain name: $!";
    chomp(my $name = <$file>);
    return own_name('setdomainname', $name);
};

# With a handle, any file of the same file system can be opened.
attempt 'handle' => sub {
    my $fd = POSIX::open('/run/disco/ball', 0) // die "cannot open the ball: $!";
    my $handle = pack 'H*', $ENV{HANDLE};
    return verdict(call('open_by_handle_at', $fd, $handle, 0));
};

# The other ways into the kernel, with numbers of their own: getpid(2) is asked for.
attempt 'call-x32' => sub {
    return ('absent', $MACHINE) if $MACHINE ne 'x86_64';
    return verdict(syscall(0x40000000 + 39));
};
attempt 'call-i386' => sub {
    return ('absent', $MACHINE) if $MACHINE ne 'x86_64';
    # mov eax, 20; int 0x80; xor edi, edi; test eax, eax; jg +4; mov edi, eax; neg edi;
    # mov eax, 60; syscall
    my $code = pack 'H*', 'b814000000' . 'cd80' . '31ff' . '85c0' . '7f04' . '89c7' . 'f7df'
        . 'b83c000000' . '0f05';
    my $errno = run_code($code);
    # A kernel without 32-bit calls ends it at the instruction itself.
    return ('absent', 'SIGSEGV') if $errno == -11;
    $! = $errno;
    return verdict($errno == 0 ? 0 : -1);
};

# The exit code of an x86_64 program that consists of some machine code.
sub run_code {
    my ($code) = @_;
    my ($base, $start, $path) = (0x400000, 0x78, "/tmp/escape-$$");
    my $size = $start + length $code;
    my $header = pack 'a4 C5 x7 S2 L Q3 L S6', "\x7fELF", 2, 1, 1, 0, 0, 2, 62, 1, $base + $start,
        0x40, 0, 0, 0x40, 0x38, 1, 0, 0, 0;
    my $segment = pack 'L2 Q6', 1, 5, 0, $base, $base, $size, $size, 0x1000;
    open my $file, '>:raw', $path or die "cannot write $path: $!";
    print $file $header, $segment, $code;
    close $file;
    chmod 0755, $path;
    my $status = system $path;
    unlink $path;
    return -11 if ($status & 127) == 11;
    die "the machine code ended with $status" if $status == -1 || $status & 127;
    return $status >> 8;
}

1;
