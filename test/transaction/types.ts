/**
 * What a ball can do to a tree, by example.
 *
 * @module
 */

/** One thing that a ball does. All commands are bash, in a folder of the row's own. */
export interface TypeRow {
  readonly name: string;
  /** Makes what is there before. */
  readonly old: string;
  /** The ball's script. Running it once more changes nothing. */
  readonly script: string;
  /** The script changes nothing even the first time, but for times. */
  readonly isNothing?: boolean;
  /** A directory replaces a directory: the old one is changed, entry by entry. */
  readonly keepsFolders?: boolean;
}

const TREE = "mkdir -p d/e; echo 1 >d/a; echo 2 >d/e/b; chown 3:4 d/e/b; chmod 2751 d/e";
const LONG = "n".repeat(255);
/** Names that a careless program stumbles over, for bash. */
const NAMES = [
  `$'new\\nline'`,
  `$'\\xff\\xfe not UTF-8'`,
  `$'\\xc3'`,
  `./-rf`,
  `' lead and trail '`,
  `'*'`,
  `'back\\slash'`,
  `$'\\033[31mred'`,
  `'a:b,c=d'`,
  `'ünï\u{1f600}'`,
  `.wh.white`,
  LONG,
].join(" ");

/** A file with new content is a new file to the merge: its folder's time changes, too. */
const LIKE_NEW = ": >t; rm t; ";

const TYPES: readonly TypeRow[] = [
  { name: "a file over a directory", old: TREE, script: "rm -rf d; echo f >d; chmod 640 d" },
  {
    name: "a directory over a file",
    old: "echo f >x; chmod 600 x",
    script: "rm -rf x; mkdir -m 2750 x; echo a >x/a; chown 1:2 x/a",
  },
  { name: "a symlink over a file", old: "echo f >x", script: "rm x; ln -s /nowhere/at/all x" },
  { name: "a symlink over a directory", old: TREE, script: "rm -rf d; ln -s ../d d" },
  {
    name: "a file over a symlink",
    old: "echo f >f; ln -s f x",
    script: "rm x; echo own >x; chown 7:8 x",
  },
  {
    name: "a directory over a symlink",
    old: TREE + "; ln -s d x",
    script: "rm -rf x; mkdir x; echo a >x/a",
  },
  { name: "another target", old: "ln -s a x; chown -h 3:4 x", script: "ln -sfn b x" },
  { name: "a FIFO over a file", old: "echo f >x", script: "rm x; mkfifo -m 620 x; chown 1:2 x" },
  { name: "a file over a FIFO", old: "mkfifo x", script: "rm x; echo f >x" },
  {
    name: "FIFOs, new, old and gone",
    old: "mkfifo a b",
    script: "rm -f b; chmod 600 a; [ -e c ] || mkfifo -m 711 c",
  },
];

const TREES: readonly TypeRow[] = [
  {
    name: "an opaque directory",
    keepsFolders: true,
    old: TREE,
    script: "rm -rf d; mkdir -m 700 d; echo new >d/new; echo other >d/a",
  },
  {
    name: "an opaque directory with nothing new",
    old: "mkdir -m 755 d; echo 1 >d/a",
    script: "rm -rf d; mkdir -m 755 d; echo 1 >d/a",
    isNothing: true,
  },
  { name: "a deleted tree", old: TREE, script: "rm -rf d" },
  {
    name: "a deleted tree with a FIFO, a socket and links",
    old: TREE + "; mkfifo d/p; ln -s / d/root; ln d/a d/c; " +
      `perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Listen=>1,Local=>"d/s")'`,
    script: "rm -rf d",
  },
  {
    name: "a new tree",
    old: "",
    script: TREE + "; ln -sf a d/l; ln -f d/a d/c; chmod 1777 d; chown 5:6 d",
  },
  {
    name: "a big directory that was renamed",
    old: "mkdir -p d/e; for i in {1..100}; do echo $i >d/$i; echo $i >d/e/$i; done",
    script: "[ -d new ] || mv d new; echo more >new/e/7; rm -f new/8",
  },
  {
    name: "a directory that was moved into a new one",
    old: TREE,
    script: "mkdir -p new; [ -d new/d ] || mv d new/d",
  },
  {
    name: "two files that changed places",
    old: "echo 1 >a; echo 22 >b; chmod 600 b",
    script: "if grep -q 1 a; then mv a t; mv b a; mv t b; fi",
  },
  {
    name: "two directories that changed places",
    keepsFolders: true,
    old: TREE + "; mkdir -m 711 f; echo 3 >f/g",
    script: "if [ -e d/a ]; then mv d t; mv f d; mv t f; fi",
  },
  {
    name: "a directory replaces its parent",
    keepsFolders: true,
    old: TREE,
    script: "if [ -d d/e ]; then mv d/e t; rm -r d; mv t d; fi",
  },
  {
    name: "a write through a link that is new",
    old: TREE,
    script: "rm -rf x; ln -s d x; echo more >x/more",
  },
];

const METADATA: readonly TypeRow[] = [
  {
    name: "attributes of everything",
    old: TREE + "; ln -s a d/l; mkfifo d/p",
    script: "chown -hR 11:12 d; chmod -R g+w,o= d; chmod 4711 d/a",
  },
  {
    name: "attributes and content",
    old: "echo 1 >a; echo 2 >b; chmod 4755 b",
    script: LIKE_NEW + "echo more >a; chmod 600 a; chown 9 b; echo x >b",
  },
  { name: "modes without a bit", old: "echo 1 >a; mkdir d; echo 2 >d/b", script: "chmod 0 a d" },
  {
    name: "nothing but opened",
    old: TREE,
    script: "chmod 2751 d/e; cat d/e/b >d/t; cat d/t >d/e/b; rm d/t; chown 3:4 d/e/b",
    isNothing: true,
  },
  { name: "an empty file", old: "echo 1 >a", script: ": >a; : >b" },
  { name: "times that were kept", old: "", script: "echo 1 >a; touch -d 1999-01-01 a" },
  {
    name: "capabilities",
    old: "cp /bin/true a; cp /bin/true b; setcap cap_net_raw+ep b; cp /bin/true c",
    script:
      "cp /bin/true new; chown 1:2 new; chmod 4755 new; setcap cap_net_raw,cap_kill+ep new; " +
      "setcap cap_chown+ep a; [ -z $(getcap b) ] || setcap -r b; chown 1 c; setcap cap_kill+p c",
  },
  {
    name: "capabilities that a chown takes",
    old: "cp /bin/true a; setcap cap_net_raw+ep a; chmod 755 a",
    script: "chown 1:2 a",
  },
  {
    name: "ACLs",
    old: "mkdir d e; echo 1 >a; echo 2 >b; setfacl -m u:1:rwx b; setfacl -d -m u:4:rwx e",
    script: "setfacl -d -m u:1:rwx,g:2:r d; echo 1 >d/inherits; mkdir -p d/below; " +
      "setfacl -m u:3:--- a; setfacl -b b; echo 1 >e/inherits",
  },
  {
    name: "user attributes",
    old: "mkdir d; echo 1 >a; echo 2 >b; setfattr -n user.x -v 1 a; setfattr -n user.y -v 2 b d",
    script: "setfattr -n user.x -v 2 a; setfattr -n user.empty a; echo new >n; " +
      "setfattr -n user.n -v 0x00ff00 n d; for f in b d; do setfattr -x user.y $f || true; done 2>/dev/null",
  },
];

const LINKS: readonly TypeRow[] = [
  { name: "a new pair of hard links", old: "", script: "echo 1 >a; ln -f a b; ln -f a c" },
  { name: "a new name for a file", old: "echo 1 >a", script: "ln -f a b" },
  {
    name: "a new name in a new directory",
    old: "echo 1 >a",
    script: "mkdir -p d/e; ln -f a d/e/b",
  },
  { name: "one of two names deleted", old: "echo 1 >a; ln a b", script: "rm -f b" },
  {
    name: "one of two names replaced",
    old: "echo 1 >a; ln a b; ln a c",
    script: "echo 2 >t; mv t b",
  },
  { name: "both names deleted", old: "mkdir d; echo 1 >d/a; ln d/a d/b", script: "rm -f d/*" },
];

const NAMED: readonly TypeRow[] = [
  {
    name: "sparse files",
    old: "truncate -s 64M a; echo end >>a",
    script: "truncate -s 64M n; echo end | dd of=n bs=1M seek=64 conv=notrunc 2>/dev/null; " +
      "echo start | dd of=a conv=notrunc 2>/dev/null",
  },
  {
    name: "odd names, new",
    old: "",
    script: `for n in ${NAMES}; do echo "$n" >"$n"; mkdir -p "d/$n"; ln -sfn "$n" "d/$n/l"; done`,
  },
  {
    name: "odd names, gone",
    old: `mkdir d; for n in ${NAMES}; do echo "$n" >"$n"; mkdir "d/$n"; done`,
    script: `for n in ${NAMES}; do rm -f "$n"; rm -rf "d/$n"; done`,
  },
  {
    name: "odd names, changed",
    old: `mkdir d; for n in ${NAMES}; do echo "$n" >"$n"; mkdir "d/$n"; echo 1 >"d/$n/a"; done`,
    script:
      `${LIKE_NEW}for n in ${NAMES}; do echo x >"$n"; chmod 600 "d/$n"; chown 1:2 "d/$n/a"; done`,
  },
  {
    name: "a link to a very long path",
    old: "",
    script: `ln -sfn ${`${"l".repeat(254)}/`.repeat(4).slice(0, 1000)} l`,
  },
];

/** Each row is danced, compared with what the same commands do without DISCO, and rolled back. */
export const TABLES: Readonly<Record<string, readonly TypeRow[]>> = {
  "types over types": TYPES,
  "trees": TREES,
  "metadata": METADATA,
  "links": LINKS,
  "sizes and names": NAMED,
};
