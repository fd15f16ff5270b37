# Attempts to gain capabilities, and on attributes of files that only the host may set.
use strict;
use warnings;
use Fcntl ();
use POSIX ();

my $NOBODY = 65534;
my $CAP_DAC_READ_SEARCH = 2;
my ($FS_IOC_GETFLAGS, $FS_IOC_SETFLAGS, $IMMUTABLE) = (0x80086601, 0x40086602, 0x10);

# A copy of cat that is given powers, run by somebody who has none, on a file that is root's.
sub try_copy {
    my ($empower) = @_;
    my ($copy, $secret) = ("/srv/escape-$$", "/srv/escape-$$.secret");
    system('cp', '/bin/cat', $copy) == 0 or die 'cannot copy cat';
    sysopen my $file, $secret, POSIX::O_WRONLY() | POSIX::O_CREAT(), 0600 or die "cannot make $secret: $!";
    syswrite $file, 'secret';
    my $is_empowered = $empower->($copy);
    my $errno = errno();
    pipe my $from, my $to or die "pipe: $!";
    my $child = $is_empowered ? fork : -1;
    if ($child == 0) {
        POSIX::dup2(fileno $to, $_) for 1, 2;
        POSIX::setgid($NOBODY);
        POSIX::setuid($NOBODY);
        exec $copy, $secret or POSIX::_exit(1);
    }
    close $to;
    my $read = <$from> // '';
    unlink $copy, $secret;
    return through_if($read eq 'secret', $is_empowered ? 'no more than before' : $errno);
}

attempt 'setuid' => sub {
    return try_copy(sub { chmod 04755, $_[0] });
};
attempt 'file-capability' => sub {
    # struct vfs_cap_data, revision 2, effective.
    my $data = pack 'L<5', 0x02000001, 1 << $CAP_DAC_READ_SEARCH, 0, 0, 0;
    return try_copy(sub {
        chmod 0755, $_[0];
        return call('setxattr', "$_[0]\0", "security.capability\0", $data, length $data, 0) == 0;
    });
};
# Attributes that a union is made of: they would come to life on the host.
attempt 'trusted-attribute' => sub {
    my $path = file_of_own();
    my @verdict = verdict(call('setxattr', "$path\0", "trusted.escape\0", 'x', 1, 0));
    unlink $path;
    return @verdict;
};
attempt 'immutable' => sub {
    my $path = file_of_own();
    open my $file, '<', $path or die "cannot open $path: $!";
    my $flags = pack 'l!', 0;
    ioctl $file, $FS_IOC_GETFLAGS, $flags or die "cannot read the flags of $path: $!";
    my $more = pack 'l!', $IMMUTABLE | unpack 'l!', $flags;
    my @verdict = verdict(ioctl($file, $FS_IOC_SETFLAGS, $more) ? 0 : -1);
    ioctl $file, $FS_IOC_SETFLAGS, $flags;
    unlink $path;
    return @verdict;
};

sub file_of_own {
    my $path = "/srv/escape-$$";
    open my $file, '>', $path or die "cannot make $path: $!";
    return $path;
}

1;
