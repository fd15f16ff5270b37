import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import {
  imageLines,
  type Link,
  missingInImage,
  MOST_OF_NETWORK,
} from "../../lib/sandbox/network.ts";

const LO: Link = {
  ifindex: 1,
  ifname: "lo",
  flags: ["LOOPBACK", "UP"],
  mtu: 65536,
  link_type: "loopback",
  addr_info: [
    { family: "inet", local: "127.0.0.1", prefixlen: 8 },
    { family: "inet6", local: "::1", prefixlen: 128 },
    { family: "inet", local: "10.9.9.9", prefixlen: 32, scope: "global", label: "lo" },
  ],
};
const ETH: Link = {
  ifindex: 7,
  ifname: "eth0",
  flags: ["BROADCAST", "UP"],
  mtu: 1400,
  link_type: "ether",
  address: "02:00:00:00:00:07",
  addr_info: [
    {
      family: "inet",
      local: "192.0.2.7",
      prefixlen: 24,
      broadcast: "192.0.2.255",
      scope: "global",
    },
    { family: "inet", local: "192.0.2.8", address: "192.0.2.9", prefixlen: 32, scope: "link" },
    { family: "inet6", local: "fe80::7", prefixlen: 64, scope: "link", noprefixroute: true },
  ],
};

describe("the lines for ip that make an image of the network", () => {
  it("are those of the host's interfaces, addresses and routes", () => {
    const routes = [
      { dst: "192.0.2.0/24", dev: "eth0", protocol: "kernel" },
      { dst: "default", gateway: "192.0.2.1", dev: "eth0", metric: 100, protocol: "static" },
      { dst: "10.0.0.0/8", dev: "gone" },
    ];
    const network = { links: [LO, ETH], routes, routes6: [] };
    assertEquals(imageLines(network, "dummy"), {
      all: `link set lo up
link add name eth0 index 7 mtu 1400 address 02:00:00:00:00:07 type dummy
link add name eth0 index 7 type dummy
link set eth0 addrgenmode none
link set eth0 up
addr add 10.9.9.9/32 dev lo scope global label lo
addr add 192.0.2.7/24 dev eth0 broadcast 192.0.2.255 scope global
addr add 192.0.2.8 peer 192.0.2.9/32 dev eth0 scope link
addr add fe80::7/64 dev eth0 scope link nodad noprefixroute
route replace default via 192.0.2.1 dev eth0 proto static metric 100
rule add pref 1 unreachable
rule show
addr show
`,
      six: "rule add pref 1 unreachable\nrule show\n",
    });
  });

  it("hold no words of others, and no more than the bounds", () => {
    const odd = ["a b", "x\nlink del lo", "#x", "-force", ""].map((ifname, i) => ({
      ...ETH,
      ifindex: 10 + i,
      ifname,
      addr_info: [{ family: "inet", local: "192.0.2.9 dev lo", prefixlen: 24, scope: "a;b" }],
    }));
    const many = Array.from({ length: 100 }, (_, i) => ({
      ...ETH,
      ifindex: 100 + i,
      ifname: `v${i}`,
      addr_info: i < 90 ? [] : [{ family: "inet", local: `10.0.0.${i}`, prefixlen: 24 }],
    }));
    const { all } = imageLines({ links: [LO, ...odd, ...many], routes: [], routes6: [] }, "bridge");
    const added = all.split("\n").filter((line) => line.endsWith("type bridge"));
    // Two lines an interface, and lo needs none.
    assertEquals(added.length, 2 * (MOST_OF_NETWORK.links - 1));
    assertEquals(/;|link del|-force|dev lo dev/.test(all), false);
    assertEquals(all.includes("addr add 10.0.0.99/24 dev v99"), true);
  });

  it("say what the image has not got", () => {
    assertEquals(missingInImage([LO, ETH], [LO, { ...ETH, addr_info: ETH.addr_info.slice(1) }]), [
      "192.0.2.7 (eth0)",
    ]);
  });
});
