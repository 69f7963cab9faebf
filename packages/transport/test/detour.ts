import { createSocket, type Socket } from 'node:dgram';

/**
 * Another way between peers of this machine, whatever interface they are on: each address gets a socket that stands for it. It is
 * written into descriptions, and ends when it is closed.
 */
export class Detour implements Disposable {
  readonly #standIns = new Map<string, Socket>();

  /** The description with stand-ins for the IPv4 addresses of its candidates, and without other candidates. */
  async lead(sdp: string): Promise<string> {
    const lines = sdp.split('\r\n').map(async (line) => {
      if (!line.startsWith('a=candidate:')) return line;
      const parts = line.split(' ');
      const [host, port] = [parts[4]!, Number(parts[5])];
      if (host.includes(':')) return undefined;
      parts[5] = String((await this.#standIn(host, port)).address().port);
      return parts.join(' ');
    });
    return (await Promise.all(lines)).filter((line) => line !== undefined).join('\r\n');
  }

  [Symbol.dispose](): void {
    for (const socket of this.#standIns.values()) socket.close();
    this.#standIns.clear();
  }

  async #standIn(host: string, port: number): Promise<Socket> {
    const socket = createSocket('udp4');
    await new Promise<void>((done) => socket.bind(0, host, done));
    this.#standIns.set(`${host}:${port}`, socket);
    // What comes goes on to whom it stands for, from the stand-in of whoever sent it.
    socket.on('message', (packet, from) =>
      this.#standIns.get(`${from.address}:${from.port}`)?.send(packet, port, host),
    );
    return socket;
  }
}
