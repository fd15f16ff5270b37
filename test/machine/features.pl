# Asks the kernel for what DISCO uses or could use: lines "feature: yes", or "no" and the error.
# Perl is on every Debian, and needs no headers for a system call. Run as root in a mount namespace
# of its own, in an empty tmpfs.
use strict;
use warnings;
use Fcntl;

my ($AT_FDCWD, $O_PATH, $EMPTY, $NOFOLLOW) = (-100, 0x200000, 0x1000, 0x100);

sub answer { my ($what, $is) = @_; printf "%s: %s\n", $what, $is ? 'yes' : "no ($!)" }
# By alias, because the kernel writes into some of the words.
sub ok { syscall($_[0], @_[1 .. $#_]) >= 0 }
sub opened { my ($path) = @_; my $how = pack 'QQQ', $O_PATH, 0, 0; syscall 437, $AT_FDCWD, $path, $how, 24 }
sub fill { my ($path, $text) = @_; open my $file, '>', $path or die $!; print $file $text }

mkdir $_ for qw(lower lower2 upper work merged place);
fill("lower/file", "content");
my ($lower, $lower2, $place) = map { opened($_) } qw(lower lower2 place);
my $none = '';

for (['RESOLVE_BENEATH', 8], ['RESOLVE_IN_ROOT', 16], ['RESOLVE_NO_SYMLINKS', 4], ['RESOLVE_NO_XDEV', 1]) {
  my ($name, $value) = @$_;
  my $how = pack 'QQQ', $O_PATH, 0, $value;
  my $path = 'file';
  answer "openat2 $name", ok(437, $lower, $path, $how, 24);
}

my $abi = syscall 444, 0, 0, 1;
printf "Landlock: %s\n", $abi > 0 ? "ABI $abi" : "no ($!)";

my $fd = "/proc/thread-self/fd/$lower";
my $on = "/proc/thread-self/fd/$place";
answer 'bind mount, both by /proc/thread-self/fd', ok(165, $fd, $on, $none, 4096, 0);
answer '  seen through the path', -e 'place/file';
ok(166, my $where = 'place', 2);

my $tree = syscall 428, $lower, $none, 1 | $EMPTY;
answer 'open_tree(CLONE | AT_EMPTY_PATH)', $tree >= 0;
answer 'move_mount from and to descriptors', ok(429, $tree, $none, $place, $none, 0x44);
answer 'mount_setattr by descriptor', ok(442, $tree, $none, $EMPTY, my $attributes = pack('QQQQ', 1, 0, 0, 0), 32);
ok(166, $where, 2);

sub overlay {
  my ($what, @set) = @_;
  my $type = 'overlay';
  my $context = syscall 430, $type, 0;
  for (@set) {
    my ($command, $key, $value, $aux) = @$_;
    return answer $what, 0 if !ok(431, $context, $command, $key, $value, $aux // 0);
  }
  return answer $what, 0 if !ok(431, $context, 6, 0, 0, 0);
  my $mount = syscall 432, $context, 0, 0;
  answer $what, $mount >= 0;
  syscall 3, $mount;
}

my @upper = ([1, 'upperdir', 'upper'], [1, 'workdir', 'work']);
overlay('overlay by the new API, lowerdir', [1, 'lowerdir', 'lower:lower2'], @upper);
overlay('overlay, lowerdir+', [1, 'lowerdir+', 'lower'], [1, 'lowerdir+', 'lower2'], @upper);
overlay('overlay, lowerdir+ by FSCONFIG_SET_FD', [5, 'lowerdir+', 0, $lower], [5, 'lowerdir+', 0, $lower2]);
overlay('overlay, lowerdir by /proc/thread-self/fd',
  [1, 'lowerdir', "$fd:/proc/thread-self/fd/$lower2"], @upper);
overlay('overlay, metacopy=on redirect_dir=on index=off', [1, 'lowerdir', 'lower'],
  [1, 'metacopy', 'on'], [1, 'redirect_dir', 'on'], [1, 'index', 'off'], @upper);
overlay('overlay, volatile', [1, 'lowerdir', 'lower'], [0, 'volatile', 0], @upper);
overlay('overlay, a path with a comma', [1, 'lowerdir', mkdir('a,b') && 'a,b'], @upper);

my ($name, $value, $file) = ('user.note', 'x', 'lower/file');
answer 'user attributes on tmpfs', ok(188, $file, $name, $value, 1, 0);
$name = 'security.note';
answer 'security attributes on tmpfs', ok(188, $file, $name, $value, 1, 0);

answer 'fchmodat2', ok(452, $AT_FDCWD, $file, 0600, $NOFOLLOW);
my $path = opened($file);
answer 'fchmodat2(AT_EMPTY_PATH)', ok(452, $path, $none, 0600, $EMPTY);
answer 'chmod by /proc/thread-self/fd of O_PATH', chmod 0600, "/proc/thread-self/fd/$path";
answer 'fchownat(AT_EMPTY_PATH) of O_PATH', ok(260, $path, $none, 0, 0, $EMPTY);
answer 'setxattrat', ok(463, $AT_FDCWD, $file, 0, $name, my $xattr = pack('QLL', 0, 0, 0), 16);
my ($link) = 'linked';
answer 'linkat(AT_EMPTY_PATH) of O_PATH', ok(265, $path, $none, $AT_FDCWD, $link, $EMPTY);
answer 'statx of O_PATH by AT_EMPTY_PATH', ok(332, $path, $none, $EMPTY, 0x1fff, my $statx = "\0" x 256);
printf "  STATX_MNT_ID: %s\n", (unpack 'L', $statx) & 0x1000 ? 'yes' : 'no';
ok(332, $path, $none, $EMPTY, 0x4000, $statx);
printf "  STATX_MNT_ID_UNIQUE: %s\n", (unpack 'L', $statx) & 0x4000 ? 'yes' : 'no';

for (['tmpfs', 'lower'], ['the root', '/etc/passwd']) {
  my ($kind, $target) = @$_;
  my ($handle, $id) = (pack('Ll', 128, 0) . "\0" x 128, "\0" x 4);
  answer "name_to_handle_at on $kind", ok(303, $AT_FDCWD, $target, $handle, $id, 0);
  my $root = opened($kind eq 'tmpfs' ? '.' : '/');
  sysopen my $mount, $kind eq 'tmpfs' ? '.' : '/', O_RDONLY or die $!;
  answer "open_by_handle_at on $kind", ok(304, fileno($mount), $handle, $O_PATH);
  answer "open_by_handle_at on $kind, mount known by O_PATH", ok(304, $root, $handle, $O_PATH);
  $handle = pack('Ll', 128, 0) . "\0" x 128;
  answer "name_to_handle_at(AT_HANDLE_FID) on $kind", ok(303, $AT_FDCWD, $target, $handle, $id, 0x200);
}
answer 'execveat (asked with a wrong path)', !ok(322, $AT_FDCWD, my $wrong = 'nosuch', 0, 0, 0) && $!{ENOENT};
answer 'close_range', ok(436, 1000, 2000, 0);
answer 'pidfd_open', ok(434, 0 + $$, 0);
answer 'statmount (asked in a wrong way)', !ok(457, 0, 0, 0, 0) && !$!{ENOSYS};
answer 'cgroup.kill', -e '/sys/fs/cgroup/system.slice/cgroup.kill';
