# Fills in all templates in one process: limit.pl UNIVERSE NODE [dry]. A file that is right already is
# left alone; a dry run names the others.
use strict;
use warnings;
use File::Find;
use File::Path 'make_path';

my ($universe, $node, $dry) = @ARGV;
my $top = "$universe/peers/perl";

sub content {
    open my $file, '<', $_[0] or return undef;
    local $/;
    return scalar <$file>;
}

for my $ball (glob "$top/*") {
    my ($name) = $ball =~ m{([^/]+)$};
    chomp(my $value = content("$universe/parameters/$node/bench/$name"));
    find({ no_chdir => 1, wanted => sub {
        return unless -f;
        my ($target) = /^\Q$ball\E(.*)/;
        my $text = content($_);
        $text =~ s/\@NODE\@/$node/g;
        $text =~ s/\@VALUE\@/$value/g;
        my $before = content($target);
        return if defined $before && $before eq $text;
        return print "$target\n" if $dry;
        make_path($target =~ m{(.*)/});
        open my $file, '>', $target or die "$target: $!";
        print $file $text or die "$target: $!";
        close $file or die "$target: $!";
    } }, $ball);
}
