# Attempts on the kernel's files below /proc and /sys. They are opened, and not written to.
use strict;
use warnings;
use POSIX ();

my %WRITE = (
    'sysctl-vm' => '/proc/sys/vm/swappiness',
    'sysctl-kernel' => '/proc/sys/kernel/panic',
    'sysctl-fs' => '/proc/sys/fs/file-max',
    'sysctl-net' => '/proc/sys/net/ipv4/ip_forward',
    'core-pattern' => '/proc/sys/kernel/core_pattern',
    'hostname-file' => '/proc/sys/kernel/hostname',
    'sysrq' => '/proc/sysrq-trigger',
    'wakeup' => '/proc/acpi/wakeup',
    'sysfs' => '/sys/kernel/rcu_expedited',
    'cgroup-join' => '/sys/fs/cgroup/cgroup.procs',
);
while (my ($name, $path) = each %WRITE) {
    attempt $name => sub { write_open($path) };
}

# Whether the kernel's own file can be opened, and not a stand-in for it.
sub kernel_file {
    my ($path) = @_;
    return ('absent', 'ENOENT') if !-e $path;
    sysopen my $file, $path, POSIX::O_RDONLY() | POSIX::O_NONBLOCK() or return verdict(-1);
    return through_if(-f $file, 'a stand-in');
}
attempt 'kmsg' => sub { kernel_file('/proc/kmsg') };
attempt 'kcore' => sub { kernel_file('/proc/kcore') };
attempt 'timers' => sub { kernel_file('/proc/timer_list') };
attempt 'keys' => sub { kernel_file('/proc/keys') };

# Every file of /proc that root may write without a capability, but for those of processes, and for
# pressure/, which only lets wait.
attempt 'proc-any' => sub {
    my (@found, @folders);
    @folders = grep { !m{/(?:\d+|self|thread-self|net|pressure)$} } glob '/proc/*';
    while (defined(my $path = shift @folders)) {
        my @stat = lstat $path or next;
        if (-d _) { push @folders, glob "$path/*" }
        elsif (-f _ && $stat[2] & 0200 && (write_open($path))[0] eq 'through') { push @found, $path }
    }
    return through_by(@found > 4 ? (@found[0 .. 3], 'and others') : @found);
};
# Every file system in /sys is mounted read-only.
attempt 'sys-any' => sub {
    open my $mounts, '<', '/proc/self/mountinfo' or die "cannot read the mounts: $!";
    my @found = map { (split)[4] } grep { m{^\S+ \S+ \S+ \S+ /sys\S* rw} } <$mounts>;
    return through_by(@found);
};

# File systems below /sys that tell of the whole machine, or act.
my %SYS = (
    debugfs => '/sys/kernel/debug',
    tracefs => '/sys/kernel/tracing',
    bpffs => '/sys/fs/bpf',
);
while (my ($name, $path) = each %SYS) {
    attempt $name => sub {
        opendir my $folder, $path or return ('absent', errno());
        return through_if(scalar grep({ !/^\.\.?$/ } readdir $folder), 'empty');
    };
}

attempt 'cgroup-make' => sub {
    return ('absent', 'no control groups') if !-e '/sys/fs/cgroup/cgroup.procs';
    my $path = "/sys/fs/cgroup/escape-$$";
    my @verdict = verdict(mkdir($path) ? 0 : -1);
    rmdir $path;
    return @verdict;
};
attempt 'cgroup-view' => sub {
    return ('absent', 'no control groups') if $ENV{CGROUP} eq '';
    open my $file, '<', '/proc/self/cgroup' or die "cannot read the control group: $!";
    return through_if(scalar grep { m{/escape} } <$file>);
};

1;
