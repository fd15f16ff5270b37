# Attempts to mount, to make namespaces, and to get at the host's root.
use strict;
use warnings;
use POSIX ();

my $AT_FDCWD = -100;
my ($MS_RDONLY, $MS_REMOUNT, $MS_BIND) = (1, 32, 4096);
my ($MNT_EXPIRE, $UMOUNT_NOFOLLOW) = (4, 8);
my ($CLONE_NEWNS, $CLONE_NEWUSER, $SIGCHLD) = (0x20000, 0x10000000, 17);
my ($OPEN_TREE_CLONE, $WRONG_FLAGS) = (1, 0x40000000);

for my $type (qw(tmpfs proc cgroup2)) {
    attempt "mount-$type" => sub {
        my $path = "/srv/escape-$$";
        mkdir $path or die "cannot make $path: $!";
        my @verdict = verdict(call('mount', "escape\0", "$path\0", "$type\0", 0, undef));
        call('umount2', "$path\0", 0) if $verdict[0] eq 'through';
        rmdir $path;
        return @verdict;
    };
}
attempt 'remount' => sub {
    my $proc = "/proc/sys\0";
    my $flags = $MS_REMOUNT | $MS_BIND;
    my @verdict = verdict(call('mount', undef, $proc, undef, $flags, undef));
    call('mount', undef, $proc, undef, $flags | $MS_RDONLY, undef) if $verdict[0] eq 'through';
    return @verdict;
};
# The first call only marks the mount, and says EAGAIN.
attempt 'unmask' => sub {
    my $flags = $MNT_EXPIRE | $UMOUNT_NOFOLLOW;
    return verdict(call('umount2', "/proc/sys\0", $flags), 'EAGAIN', 'EBUSY');
};
attempt 'fsopen' => sub { verdict(call('fsopen', "tmpfs\0", 0)) };
attempt 'open-tree' => sub { verdict(call('open_tree', $AT_FDCWD, "/\0", $OPEN_TREE_CLONE)) };
attempt 'open-tree-attr' => sub {
    my $attributes = "\0" x 32;
    return verdict(call('open_tree_attr', $AT_FDCWD, "/\0", $OPEN_TREE_CLONE, $attributes, 32));
};
attempt 'move-mount' => sub {
    return verdict(call('move_mount', $AT_FDCWD, "/\0", $AT_FDCWD, "/\0", $WRONG_FLAGS), 'EINVAL');
};
attempt 'fspick' => sub { verdict(call('fspick', $AT_FDCWD, "/\0", $WRONG_FLAGS), 'EINVAL') };
attempt 'mount-setattr' => sub {
    return verdict(call('mount_setattr', $AT_FDCWD, "/\0", 0, "\0" x 32, 32));
};
attempt 'pivot-root' => sub { verdict(call('pivot_root', "/\0", "/\0"), 'EINVAL', 'EBUSY') };

attempt 'unshare-mount' => sub { verdict(call('unshare', $CLONE_NEWNS)) };
attempt 'unshare-user' => sub { verdict(call('unshare', $CLONE_NEWUSER)) };
attempt 'clone-user' => sub {
    my $pid = call('clone', $CLONE_NEWUSER | $SIGCHLD, 0, 0, 0, 0);
    POSIX::_exit(0) if $pid == 0;
    return verdict($pid);
};
attempt 'clone3-user' => sub {
    # struct clone_args: flags, pidfd, child_tid, parent_tid, exit_signal, ...
    my $pid = call('clone3', pack('Q8', $CLONE_NEWUSER, 0, 0, 0, $SIGCHLD, 0, 0, 0), 64);
    POSIX::_exit(0) if $pid == 0;
    return verdict($pid);
};

# A root that was entered without leaving the old working directory has no top.
attempt 'chroot' => sub {
    opendir my $outside, '/' or die "cannot open /: $!";
    chroot '/srv' or return verdict(-1);
    chdir $outside or return verdict(-1);
    chdir '..' for 1 .. 64;
    return through_if(is_host_root('.'), 'the top is the union');
};
# The program that started the sandbox has the host's root open.
attempt 'descriptor' => sub {
    return through_by(grep { is_host_root($_) } glob '/proc/self/fd/*');
};

1;
