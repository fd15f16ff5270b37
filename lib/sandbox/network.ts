/**
 * The host's interfaces, addresses and routes, in the words of ip(8): read from what it prints with
 * `-j`, written as the lines of a batch that makes the same of dummies.
 *
 * @module
 */

/** What is read of the host. */
export interface Network {
  readonly links: readonly Link[];
  readonly routes: readonly Route[];
  readonly routes6: readonly Route[];
}

/** An interface, as `ip -j addr` prints it; only what is used. */
export interface Link {
  readonly ifindex: number;
  readonly ifname: string;
  readonly flags: readonly string[];
  readonly mtu: number;
  readonly link_type: string;
  readonly address?: string;
  readonly addr_info: readonly Address[];
}

/** An address of an interface. */
export interface Address {
  readonly family: string;
  readonly local?: string;
  readonly address?: string;
  readonly prefixlen: number;
  readonly broadcast?: string;
  readonly scope?: string;
  readonly label?: string;
  readonly noprefixroute?: boolean;
}

/** A route of the main table. */
export interface Route {
  readonly dst: string;
  readonly gateway?: string;
  readonly dev?: string;
  readonly protocol?: string;
  readonly scope?: string;
  readonly prefsrc?: string;
  readonly metric?: number;
  readonly flags?: readonly string[];
}

/** What an image is made of at most; addresses beyond that are reported as missing. */
export const MOST_OF_NETWORK = { links: 64, addresses: 256, routes: 512 } as const;

/**
 * The lines for `ip -batch` and `ip -6 -batch`, to be carried out with `-force`: of two lines that make
 * the same interface the second is for one that cannot have the host's attributes. Words that are none
 * of ip's are left out. A bridge without ports is an interface, too, if not one with a carrier.
 *
 * Every look-up beyond the own addresses then ends as "unreachable", at once: nothing waits for answers.
 */
export function imageLines(
  { links, routes, routes6 }: Network,
  type: "dummy" | "bridge",
): { all: string; six: string } {
  const shown = shownLinks(links);
  const names = new Set(shown.map(({ ifname }) => ifname));
  return {
    all: lines([
      ...shown.flatMap((link) => linkLines(link, type)),
      ...shownAddresses(shown).map(({ link, address }) => addressLine(link, address)),
      ...(hasAddress(links, "::1") ? [] : ["addr del ::1/128 dev lo"]),
      ...routeLines(routes, names),
      ...REFUSE_THE_REST,
      "addr show",
    ]),
    six: lines([...routeLines(routes6, names), ...REFUSE_THE_REST]),
  };
}

/** Only the local table comes before it, in which the own addresses are. */
const REFUSE_THE_REST = ["rule add pref 1 unreachable", "rule show"];

/** What of the host an image does not show, compared with what its `addr show` says; in words. */
export function missingInImage(host: readonly Link[], image: readonly Link[]): string[] {
  const all = host.flatMap((link) => addressesOf(link).map((a) => `${a.local} (${link.ifname})`));
  const made = new Set(
    image.flatMap((link) => addressesOf(link).map((a) => `${a.local} (${link.ifname})`)),
  );
  return all.filter((one) => !made.has(one));
}

/** Those with addresses first, where there are too many. */
function shownLinks(links: readonly Link[]): Link[] {
  const known = links.filter(({ ifname }) => NAME.test(ifname));
  const few = known.toSorted((a, b) => Number(isBare(a)) - Number(isBare(b)))
    .slice(0, MOST_OF_NETWORK.links);
  return few.toSorted((a, b) => a.ifindex - b.ifindex);
}

function isBare({ addr_info }: Link): boolean {
  return addr_info.length === 0;
}

function linkLines(
  { ifindex, ifname, mtu, link_type, address, flags }: Link,
  type: string,
): string[] {
  const up = ifname === "lo" || flags.includes("UP") ? [`link set ${ifname} up`] : [];
  if (ifname === "lo") return up;
  const isEthernet = link_type === "ether" && /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(address ?? "");
  const number = `name ${ifname} index ${Math.trunc(ifindex)}`;
  const whole = `${number} mtu ${Math.trunc(mtu)}${isEthernet ? ` address ${address}` : ""}`;
  return [
    ...[whole, number].map((words) => `link add ${words} type ${type}`),
    // Only the host's own addresses are wanted.
    `link set ${ifname} addrgenmode none`,
    ...up,
  ];
}

function shownAddresses(links: readonly Link[]): { link: Link; address: Address }[] {
  return links.flatMap((link) => addressesOf(link).map((address) => ({ link, address })))
    .filter(({ link, address }) => link.ifname !== "lo" || !isLoopback(address))
    .slice(0, MOST_OF_NETWORK.addresses);
}

function addressesOf({ addr_info }: Link): Address[] {
  return addr_info.filter(({ local = "" }) => ADDRESS.test(local));
}

function isLoopback({ local }: Address): boolean {
  return local === "127.0.0.1" || local === "::1";
}

function hasAddress(links: readonly Link[], wanted: string): boolean {
  return links.some(({ addr_info }) => addr_info.some(({ local }) => local === wanted));
}

function addressLine({ ifname }: Link, one: Address): string {
  const { family, local, address, prefixlen, broadcast, scope, label, noprefixroute } = one;
  const isSix = family === "inet6";
  const prefix = Math.trunc(prefixlen);
  const place = ADDRESS.test(address ?? "")
    ? `${local} peer ${address}/${prefix}`
    : `${local}/${prefix}`;
  return [
    `addr add ${place} dev ${ifname}`,
    ...(ADDRESS.test(broadcast ?? "") ? [`broadcast ${broadcast}`] : []),
    ...(WORD.test(scope ?? "") ? [`scope ${scope}`] : []),
    ...(!isSix && label && label.startsWith(ifname) && LABEL.test(label) ? [`label ${label}`] : []),
    ...(isSix ? ["nodad"] : []),
    ...(noprefixroute ? ["noprefixroute"] : []),
  ].join(" ");
}

/** The kernel makes those of its own with the addresses. */
function routeLines(routes: readonly Route[], names: ReadonlySet<string>): string[] {
  return routes.filter(({ dst, dev = "", protocol }) =>
    protocol !== "kernel" && names.has(dev) && DESTINATION.test(dst)
  ).slice(0, MOST_OF_NETWORK.routes).map((route) => {
    const { dst, gateway = "", dev, protocol = "", scope = "", prefsrc = "" } = route;
    const { metric, flags = [] } = route;
    return [
      `route replace ${dst}`,
      ...(ADDRESS.test(gateway) ? [`via ${gateway}`] : []),
      `dev ${dev}`,
      ...(WORD.test(protocol) ? [`proto ${protocol}`] : []),
      ...(WORD.test(scope) ? [`scope ${scope}`] : []),
      ...(ADDRESS.test(prefsrc) ? [`src ${prefsrc}`] : []),
      ...(metric === undefined ? [] : [`metric ${Math.trunc(metric)}`]),
      ...(flags.includes("onlink") ? ["onlink"] : []),
    ].join(" ");
  });
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join("");
}

const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$/;
const LABEL = /^[A-Za-z0-9_.:-]{1,15}$/;
const WORD = /^[a-z0-9]{1,16}$/;
const ADDRESS = /^[0-9a-fA-F.:]{2,45}$/;
const DESTINATION = /^(default|[0-9a-fA-F.:]{2,45}(\/\d{1,3})?)$/;
