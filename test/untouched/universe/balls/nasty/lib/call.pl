# One system call: call.pl NAME ARGUMENTS... A word of digits is a number, hex:... are bytes.
use strict;
use warnings;

my $call = require($0 =~ s{[^/]+$}{calls.pl}r);
my ($name, @words) = @ARGV;
print $call->($name, map { /^hex:(.*)/ ? pack('H*', $1) : $_ } @words), "\n";
