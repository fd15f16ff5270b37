# System calls by name (syscalls(2)).
use strict;
use warnings;
use POSIX ();

# [x86_64, aarch64] (asm/unistd.h)
my %NUMBERS = (
    acct => [163, 89],
    add_key => [248, 217],
    adjtimex => [159, 171],
    bpf => [321, 280],
    clock_adjtime => [305, 266],
    clone => [56, 220],
    clone3 => [435, 435],
    delete_module => [176, 106],
    finit_module => [313, 273],
    fsopen => [430, 430],
    fspick => [433, 433],
    init_module => [175, 105],
    io_uring_setup => [425, 425],
    ioperm => [173, -1],
    iopl => [172, -1],
    kexec_load => [246, 104],
    keyctl => [250, 219],
    mknodat => [259, 33],
    mount => [165, 40],
    mount_setattr => [442, 442],
    move_mount => [429, 429],
    mq_open => [240, 180],
    name_to_handle_at => [303, 264],
    open_by_handle_at => [304, 265],
    open_tree => [428, 428],
    open_tree_attr => [467, 467],
    perf_event_open => [298, 241],
    pidfd_getfd => [438, 438],
    pidfd_open => [434, 434],
    pidfd_send_signal => [424, 424],
    pivot_root => [155, 41],
    prlimit64 => [302, 261],
    process_vm_readv => [310, 270],
    ptrace => [101, 117],
    quotactl => [179, 60],
    reboot => [169, 142],
    request_key => [249, 218],
    sched_setscheduler => [144, 119],
    setdomainname => [171, 162],
    sethostname => [170, 161],
    setns => [308, 268],
    settimeofday => [164, 170],
    setxattr => [188, 5],
    swapon => [167, 224],
    syslog => [103, 116],
    umount2 => [166, 39],
    unshare => [272, 97],
    userfaultfd => [323, 282],
);
our $MACHINE = (POSIX::uname())[4];
my $column = { x86_64 => 0, aarch64 => 1 }->{$MACHINE} // die "no numbers for $MACHINE";

# call NAME, ARGUMENTS: strings are passed by address, and need their own NUL; undef is NULL.
sub call {
    my ($name, @arguments) = @_;
    my $number = $NUMBERS{$name}[$column];
    if ($number < 0) {
        $! = Errno::ENOSYS();
        return -1;
    }
    # Copies, because a constant cannot be passed by address.
    my @copies = map { $_ // 0 } @arguments;
    return syscall($number, @copies);
}

# The address of a string, for what a call writes to or a structure leads to.
sub address { return unpack 'Q', pack 'P', $_[0] }

1;
