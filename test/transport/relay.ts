/**
 * A server between a client and a daemon that fails as networks do.
 *
 * @module
 */

/** A running relay; it ends with `using`. */
export interface Relay extends Disposable {
  /** The address of the module `disco` behind it. */
  readonly uri: string;
}

/**
 * Pass everything on to the local port `to`, but close a connection after `bytes` from there.
 * Without `to` it accepts connections and never answers.
 */
export function relay(to?: number, bytes = Infinity): Relay {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const connections = new Set<Deno.Conn>();
  const close = (connection: Deno.Conn) => {
    if (connections.delete(connection)) connection.close();
  };
  const pass = async (from: Deno.Conn, into: Deno.Conn, most: number) => {
    const buffer = new Uint8Array(16384);
    try {
      for (let left = most; left > 0;) {
        const count = await from.read(buffer);
        if (count === null) break;
        left -= count;
        for (let done = 0; done < count;) done += await into.write(buffer.subarray(done, count));
      }
    } catch {
      // One side is gone; so is the other, below.
    }
    close(from);
    close(into);
  };
  (async () => {
    for await (const client of listener) {
      connections.add(client);
      if (to === undefined) continue;
      const server = await Deno.connect({ hostname: "127.0.0.1", port: to });
      connections.add(server);
      pass(client, server, Infinity);
      pass(server, client, bytes);
    }
  })();
  return {
    uri: `rsync://127.0.0.1:${(listener.addr as Deno.NetAddr).port}/disco`,
    [Symbol.dispose]() {
      listener.close();
      connections.forEach(close);
    },
  };
}
