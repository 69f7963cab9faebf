import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP hop that tests can cut. */
export interface TcpProxy {
  readonly port: number;
  /** `open`: passes. `cut`: closes every connection and refuses new ones. `held`: passes nothing, closes nothing. */
  set(state: 'open' | 'cut' | 'held'): void;
  close(): Promise<void>;
}

export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let state: 'open' | 'cut' | 'held' = 'open';
  const join = (from: Socket, to: Socket) => {
    sockets.add(from);
    from.on('data', (data) => {
      if (state === 'open') to.write(data);
    });
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
    from.on('error', () => {});
  };
  const server = createServer((client) => {
    if (state === 'cut') return client.destroy();
    const target = connect(targetPort, '127.0.0.1');
    join(client, target);
    join(target, client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    set: (next) => {
      state = next;
      if (next === 'cut') for (const socket of sockets) socket.destroy();
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
