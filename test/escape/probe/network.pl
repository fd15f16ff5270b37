# Attempts to reach what listens on the host, and the kernel's networks.
use strict;
use warnings;
use Socket;
use POSIX ();

my ($AF_NETLINK, $AF_PACKET, $AF_ALG, $AF_VSOCK) = (16, 17, 38, 40);
my ($NETLINK_ROUTE, $NETLINK_AUDIT, $IPPROTO_SCTP) = (0, 9, 132);
my ($RTM_NEWROUTE, $NLM_F_REQUEST_ACK) = (24, 5);

sub connect_to {
    my ($family, $address) = @_;
    socket my $socket, $family, SOCK_STREAM, 0 or return verdict(-1);
    return verdict(connect($socket, $address) ? 0 : -1);
}

my %UNIX = (
    'socket-systemd' => '/run/systemd/private',
    'socket-dbus' => '/run/dbus/system_bus_socket',
    'socket-docker' => '/run/docker.sock',
    'socket-in-union' => '/srv/escape/own.sock',
    'socket-in-readonly' => '/srv/escape/readonly/own.sock',
    'socket-mounted' => '/srv/escape/mounted.sock',
    'socket-abstract' => "\0escape",
);
while (my ($name, $path) = each %UNIX) {
    attempt $name => sub { connect_to(AF_UNIX, pack_sockaddr_un($path)) };
}
attempt 'tcp' => sub {
    return connect_to(AF_INET, pack_sockaddr_in($ENV{PORT}, inet_aton('127.0.0.1')));
};

sub make_socket {
    my ($family, $type, $protocol) = @_;
    return verdict(socket(my $socket, $family, $type, $protocol) ? 0 : -1);
}
attempt 'vsock' => sub { make_socket($AF_VSOCK, SOCK_STREAM, 0) };
attempt 'packet' => sub { make_socket($AF_PACKET, SOCK_DGRAM, 0) };
attempt 'crypto' => sub { make_socket($AF_ALG, SOCK_SEQPACKET, 0) };
attempt 'raw' => sub { make_socket(AF_INET, SOCK_RAW, 1) };
attempt 'audit' => sub { make_socket($AF_NETLINK, SOCK_RAW, $NETLINK_AUDIT) };
# The kernel loads a module for it where it has one.
attempt 'sctp' => sub { make_socket(AF_INET, SOCK_STREAM, $IPPROTO_SCTP) };
# Whatever is neither Unix, IPv4, IPv6 nor netlink; where nothing would stop it, only what is asked for,
# because the kernel loads a module for each family that it has one for.
attempt 'other-families' => sub {
    my @found;
    my @families = $ENV{FAMILIES} ? split(/ /, $ENV{FAMILIES}) : (0 .. 47);
    for my $family (grep { !/^(?:1|2|10|16)$/ } @families) {
        for my $type (SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_SEQPACKET) {
            push @found, $family if socket my $socket, $family, $type, 0;
        }
    }
    return through_by(do { my %seen; grep { !$seen{$_}++ } @found });
};

# A prefix that is too long is found wrong after the capability was asked for.
attempt 'route' => sub {
    socket my $socket, $AF_NETLINK, SOCK_RAW, $NETLINK_ROUTE or return verdict(-1);
    my $message = pack 'LSSLL C8 L', 28, $RTM_NEWROUTE, $NLM_F_REQUEST_ACK, 1, 0, AF_INET, 33, (0) x 6, 0;
    send $socket, $message, 0 or return verdict(-1);
    recv $socket, my $answer, 4096, 0;
    $! = -unpack('x16 l', $answer);
    my @verdict = verdict($! == 0 ? 0 : -1, 'EINVAL', 'ENODEV');
    my $is_host = readlink('/proc/self/ns/net') eq $ENV{HOST_NET};
    return $verdict[0] eq 'through' && !$is_host ? ('refused', 'its own') : @verdict;
};

1;
