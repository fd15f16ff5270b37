#!/usr/bin/perl
# Tries everything that should be refused in the sandbox, and prints a line for each attempt:
#
#   NAME through|refused|absent|broken DETAIL
#
# "absent": this kernel or machine has no such thing. Names as arguments choose attempts. Nothing here
# does harm where it is let through: what changes something is asked for with arguments that the kernel
# finds wrong only after it has given leave, or touches the probe's own process. What stands on the host
# for the attempts is bait.pl's. Needs no module beyond perl-base.
use strict;
use warnings;
use Errno ();
use POSIX ();

our %attempts;
my ($folder) = $0 =~ m{^(.*)/};
for my $part (qw(calls processes privileges kernel settings mounts network places)) {
    do "$folder/$part.pl" or die "cannot read $part.pl: " . ($@ || $!);
}

$| = 1;
my %chosen = map { $_ => 1 } @ARGV;
for my $name (sort keys %attempts) {
    next if %chosen && !$chosen{$name};
    pipe my $from, my $to or die "pipe: $!";
    my $child = fork // die "fork: $!";
    if ($child == 0) {
        close $from;
        alarm 5;
        my ($verdict, $detail) = eval { $attempts{$name}->() };
        ($verdict, $detail) = ('broken', $@) if $@;
        ($detail //= '') =~ s/\s+/ /g;
        syswrite $to, "$verdict $detail";
        POSIX::_exit(0);
    }
    close $to;
    my $said = do { local $/; <$from> };
    waitpid $child, 0;
    $said = "broken ended by signal " . ($? & 127) if $said eq '';
    print "$name $said\n";
}

# attempt NAME, SUB: the sub returns its verdict and a detail; it runs in a process of its own.
sub attempt {
    my ($name, $sub) = @_;
    $attempts{$name} = $sub;
}

# What the result of a call means: errors in @through come only after leave was given, those in
# absent_errors() only where the thing is not there at all.
sub verdict {
    my ($result, @through) = @_;
    return ('through', '') if $result != -1;
    return verdict_of(errno(), @through);
}

sub verdict_of {
    my ($errno, @through) = @_;
    return ('through', $errno) if grep { $_ eq $errno } @through;
    return ('absent', $errno) if $errno =~ /^(?:ENOSYS|EAFNOSUPPORT|EPROTONOSUPPORT)$/;
    return ('refused', $errno);
}

# The name of the last error.
sub errno {
    my ($name) = sort grep { $!{$_} } keys %!;
    return $name // 'E' . ($! + 0);
}

# Opens a file for writing, and writes nothing; a file that is not there is absent.
sub write_open {
    my ($path) = @_;
    return ('absent', 'ENOENT') if !-e $path;
    return verdict(sysopen(my $file, $path, POSIX::O_WRONLY()) ? 0 : -1);
}

# Makes a file in a folder and takes it away again.
sub make_in {
    my ($folder) = @_;
    my $path = "$folder/escape-$$";
    my $made = sysopen(my $file, $path, POSIX::O_WRONLY() | POSIX::O_CREAT() | POSIX::O_EXCL());
    my @verdict = verdict($made ? 0 : -1);
    unlink $path if $made;
    return @verdict;
}

# Whether a path leads to the root of the host.
sub is_host_root {
    my ($path) = @_;
    my @stat = stat $path or return 0;
    return "$stat[0]:$stat[1]" eq $ENV{HOST_ROOT};
}

# Through, or refused for a reason.
sub through_if {
    my ($is, $why_not) = @_;
    return $is ? ('through', '') : ('refused', $why_not // '');
}

# Through if something was found.
sub through_by { return @_ ? ('through', "@_") : ('refused', '') }

1;
