/**
 * What a question to the live system may look like. The commands that answer have options that read
 * files, start programs or ask other machines; a question is carried out outside of the sandbox, so
 * that only options known to ask are let through.
 *
 * @module
 */
import { own } from "../text/own.ts";

/** Options that only choose what is told, by command; each as the pattern of a whole word. */
const OPTIONS: Readonly<Record<string, RegExp>> = {
  systemctl:
    /^(-[aqlr]+|-[pPtno]\w*|--(all|quiet|full|recursive|value|plain|no-pager|no-legend|reverse|before|after|failed|with-dependencies)|--(property|type|state|lines|output|legend|timestamp)=[\w,@:-]+)$/,
  journalctl:
    /^(-[bkqxreal]+|-[unopSUtg]\S*|--(boot|dmesg|quiet|reverse|no-pager|no-hostname|all|utc|no-tail|catalog|list-boots|disk-usage)|--(unit|lines|output|priority|since|until|identifier|grep|boot)=[^/]*)$/,
  hostnamectl: /^--(static|transient|pretty|no-pager)$/,
  timedatectl: /^(-[ap]\w*|--(all|value|no-pager)|--property=\w+)$/,
  localectl: /^--no-pager$/,
  loginctl: /^--(no-pager|no-legend)$/,
  networkctl: /^(-[al]+|--(all|no-pager|no-legend))$/,
  resolvectl: /^--no-pager$/,
  "rc-status": /^-[acls]$|^--(all|crashed|list|servicelist)$/,
  sysctl:
    /^(-[nNebaAX]+|--(names|values|ignore|binary|all|deprecated)|--pattern=?[\w.^$*\\-]*|-r[\w.^$*\\-]*)$/,
  mount: /^-l$/,
  findmnt:
    /^(-[AabcCDefiJlnoOPrRSTtuUv]+|--(all|ascii|json|list|noheadings|raw|pairs|bytes|df|submounts|real|pseudo|canonicalize|notruncate|nofsroot)|--(output|types|source|target|mountpoint)(=[\w,:/.@-]+)?|-o[\w,:-]*)$/,
  blkid:
    /^(-[klpid]+|-[osLUtnDu][\w.,=:@-]*|--(output|match-tag|match-token|list-one|label|uuid|probe|info|no-encoding)(=[\w.,=:@-]+)?)$/,
  df:
    /^(-[ahHiklmPTB]+|-B\w+|-t\w+|-x\w+|--(all|human-readable|si|inodes|local|portability|print-type|total)|--(output|type|exclude-type|block-size)(=[\w,]+)?)$/,
  lsblk:
    /^(-[abdDzfilJmMnoOpPrstTSNv]+|-[oeIEx][\w,:%-]*|--(all|bytes|nodeps|fs|json|list|noheadings|paths|pairs|raw|inverse|scsi|topology|tree|ascii|perms|output-all)|--(output|sort|exclude|include)(=[\w,:%-]+)?)$/,
  losetup: /^(-[alJnO]+|--(all|list|json|noheadings|raw)|--output=[\w,]+)$/,
  ifconfig: /^-[asv]$/,
  route: /^-[nevF46]+$/,
  ss:
    /^(-[HrnalomOtudwx460eiZzsBE]+|-p|-[A-Za-z]*p[A-Za-z]*|--(numeric|all|listening|tcp|udp|raw|unix|ipv4|ipv6|no-header|summary|extended|options|processes))$/,
  netstat:
    /^(-[rniglaptuwxWevo46Nc]*[rniglaptuwxWevo46N]|--(numeric|all|listening|tcp|udp|route|interfaces|program|inet|inet6))$/,
  nmcli:
    /^(-[tpe]|-[fgmc][\w,.-]*|--(terse|pretty|escape|fields|get-values|mode|colors)(=[\w,.-]+)?)$/,
  tc: /^(-[sdrpnj]+|-(statistics|stats|details|raw|pretty|json))$/,
  hostname: /^(-[Ii]|--all-ip-addresses|--ip-address)$/,
  "invoke-rc.d": /^--(quiet|query)$/,
  busctl: /^--(no-pager|no-legend|list|unique|acquired|activatable)$/,
  swapon: /^(-s|--summary|--show(=[\w,]+)?|--noheadings|--raw|--bytes)$/,
  who: /^-[abdHlmpqrsTtu]+$/,
  w: /^-[hsfoi]+$/,
  uptime: /^-[ps]+$/,
  dmesg:
    /^(-[HLTtkuxerP]+|--(color|human|kernel|userspace|ctime|reltime|notime|raw|decode)(=\w+)?|-[lf][\w,]*|--(level|facility)=[\w,]+)$/,
  ip: /^(-[46shdoptjc]|-(br|brief|stats|details|human|oneline|json|pretty|color|family|f)(=\w+)?)$/,
};

/** Commands one of whose words may hold a slash: a prefix length, another spelling of a setting. */
const SLASHES = ["ip", "sysctl", "ss"];
/** Commands that are asked about a path, of which they tell only on which file system it lies. */
const PATHS = ["blkid", "df", "findmnt", "lsblk", "losetup"];

/**
 * Commands that tell of processes: none of their options does more than choose, but for those that
 * read a file.
 */
export const PROCESS_COMMANDS: readonly string[] = ["pgrep", "pidof", "ps"];
const READS_FILE = /^(-[A-Za-z]*F.*|--pi.*)$/;

/** What makes ps(1) tell of others than its own account and terminal; a word without a hyphen is BSD's. */
const SELECTS =
  /^(-[A-Za-z]*[AaeNdCGUugtpqs].*|--(pid|ppid|quick-pid|user|User|group|Group|sid|tty|deselect).*|[A-Za-z]*[aUtpq][A-Za-z]*|\d.*)$/;

function whyNotOfProcesses(command: string, args: readonly string[]): string | undefined {
  const reads = command === "pgrep" ? args.find((arg) => READS_FILE.test(arg)) : undefined;
  if (reads !== undefined) return `the option "${reads}" reads a file`;
  if (command === "ps" && !args.some((arg) => SELECTS.test(arg))) {
    return "it is for the processes of its own terminal or account, who is another one there";
  }
  return undefined;
}

/** Why a command line is not let through as a question; undefined if it is. */
export function whyNoQuestion(argv: readonly string[]): string | undefined {
  const [command = "", ...args] = argv;
  if (PROCESS_COMMANDS.includes(command)) return whyNotOfProcesses(command, args);
  for (const arg of args) {
    if (arg.startsWith("-")) {
      if (!own(OPTIONS, command)?.test(arg)) return `the option "${arg}" is not one that only asks`;
    } else if (!/^[\w@:.,=+*?%\\ /-]*$/.test(arg)) return `the word "${arg}" is not a name`;
    else if (command === "blkid" && arg.includes("/") && !isDevice(arg)) {
      return `the word "${arg}" is not a device`;
    } else if (command === "sysctl" && arg.includes("=")) return `the word "${arg}" is a setting`;
    else if (
      arg.includes("/") && !(SLASHES.includes(command) && isPlainPath(arg)) &&
      !PATHS.includes(command)
    ) {
      return `the word "${arg}" is a path`;
    }
  }
  return undefined;
}

function isDevice(word: string): boolean {
  return word.startsWith("/dev/") && !word.split("/").includes("..");
}

function isPlainPath(word: string): boolean {
  return !word.startsWith("/") && !word.split("/").includes("..");
}
