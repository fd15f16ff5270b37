# Attempts on the host's processes, and to be more than the others. $ENV{VICTIM} is a process of the
# host, as the host counts; in the sandbox the number may be one of the probe's own processes.
use strict;
use warnings;
use POSIX ();

my $PTRACE_SEIZE = 0x4206;
my $CLONE_NEWNS = 0x20000;
my ($RLIMIT_CORE, $RLIMIT_MSGQUEUE) = (4, 12);

sub victim {
    my $pid = $ENV{VICTIM};
    $! = Errno::ESRCH();
    return $pid == $$ || $pid == getppid() || $pid == 1 ? undef : $pid + 0;
}

sub pidfd {
    my $pid = victim() // return -1;
    return call('pidfd_open', $pid, 0);
}

attempt 'kill-host' => sub {
    my $pid = victim() // return verdict(-1);
    return verdict(kill(0, $pid) ? 0 : -1);
};
attempt 'pidfd-signal' => sub {
    my $fd = pidfd();
    return verdict($fd < 0 ? -1 : call('pidfd_send_signal', $fd, 0, undef, 0));
};
# A signal to one's own process group reaches its members outside of the PID namespace, too.
attempt 'signal-group' => sub { through_if(getpgrp() == 0) };
attempt 'ptrace-host' => sub {
    my $pid = victim() // return verdict(-1);
    return verdict(call('ptrace', $PTRACE_SEIZE, $pid, 0, 0));
};
attempt 'read-memory' => sub {
    my $pid = victim() // return verdict(-1);
    my $buffer = ' ' x 8;
    my $local = pack 'PQ', $buffer, 1;
    my $remote = pack 'QQ', 1, 1;
    return verdict(call('process_vm_readv', $pid, $local, 1, $remote, 1, 0), 'EFAULT');
};
attempt 'take-descriptor' => sub {
    my $fd = pidfd();
    return verdict($fd < 0 ? -1 : call('pidfd_getfd', $fd, 0, 0));
};
attempt 'proc-root' => sub { through_if(is_host_root("/proc/$ENV{VICTIM}/root/."), errno()) };
attempt 'proc-cwd' => sub { through_if(is_host_root("/proc/$ENV{VICTIM}/cwd/."), errno()) };
attempt 'setns' => sub {
    my $pid = victim() // return verdict(-1);
    open my $namespace, '<', "/proc/$pid/ns/mnt" or return verdict(-1);
    my @verdict = verdict(call('setns', fileno $namespace, $CLONE_NEWNS));
    return $verdict[0] eq 'through' && !is_host_root('/') ? ('refused', 'its own') : @verdict;
};

attempt 'nice' => sub { verdict(defined POSIX::nice(-5) ? 0 : -1) };
attempt 'realtime' => sub { verdict(call('sched_setscheduler', 0, 1, pack 'i', 1)) };
attempt 'rlimit' => sub {
    my $least = pack 'QQ', 1, 1;
    my $more = pack 'QQ', 1, 2;
    call('prlimit64', 0, $RLIMIT_MSGQUEUE, $least, undef) == 0 or die "cannot lower a limit: $!";
    return verdict(call('prlimit64', 0, $RLIMIT_MSGQUEUE, $more, undef));
};
# A limit of 1 is the only one with which no handler of crashes is started (core(5)).
attempt 'core-dump' => sub {
    my $limits = "\0" x 16;
    call('prlimit64', 0, $RLIMIT_CORE, undef, address($limits));
    my ($soft, $hard) = unpack 'QQ', $limits;
    return ('absent', 'the limit is 0 everywhere') if $hard == 0;
    return through_if($hard != 1, $hard);
};

1;
