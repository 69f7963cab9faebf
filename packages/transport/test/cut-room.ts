import { type RoomServer, startRoomServer } from '../src/room/server/room-server.ts';
import { type RemotePeer, startPeer } from './peers/remote-peer.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';
import { until } from './until.ts';

type Who = 'ada' | 'grace';

/** Two in a room who hear each other, each a process: Ada talks to the server through a proxy, Grace directly. */
export class CutRoom {
  server: RoomServer;
  readonly proxy: TcpProxy;
  ada: RemotePeer;
  readonly grace: RemotePeer;
  adaId = '';
  graceId = '';
  /** What each was told since both heard each other, as far as it was collected. */
  readonly events: Record<Who, string[]> = { ada: [], grace: [] };

  private constructor(server: RoomServer, proxy: TcpProxy, [ada, grace]: readonly [RemotePeer, RemotePeer]) {
    this.server = server;
    this.proxy = proxy;
    this.ada = ada;
    this.grace = grace;
  }

  static async open(): Promise<CutRoom> {
    const server = await startRoomServer();
    const proxy = await startTcpProxy(server.port);
    const room = new CutRoom(server, proxy, await Promise.all([startPeer(), startPeer()]));
    const { ada, grace } = room;
    room.adaId = await ada.call('join', room.throughProxy('hello'), 'tone-440');
    room.graceId = await grace.call('join', server.roomUrl('hello'), 'tone-880');
    await ada.call('listen', room.graceId);
    await grace.call('listen', room.adaId);
    await until(async () => (await loud(ada, room.graceId)) && (await loud(grace, room.adaId)));
    await Promise.all([ada.call('events'), grace.call('events')]);
    return room;
  }

  throughProxy(name: string): string {
    return `http://127.0.0.1:${this.proxy.port}/${name}`;
  }

  async collect(): Promise<void> {
    this.events.ada.push(...(await this.ada.call('events')));
    this.events.grace.push(...(await this.grace.call('events')));
  }

  told(who: Who, event: string, limitMs = 10_000): Promise<void> {
    return until(async () => {
      await this.collect();
      return this.events[who].includes(event);
    }, limitMs);
  }

  /** Begins to measure silence anew. */
  async measureGaps(): Promise<void> {
    await Promise.all([this.ada.call('resetGap', this.graceId), this.grace.call('resetGap', this.adaId)]);
  }

  /** In milliseconds, at whoever heard it. */
  async longestGap(): Promise<number> {
    const heard = await Promise.all([this.ada.call('heard', this.graceId), this.grace.call('heard', this.adaId)]);
    return Math.max(...heard.map((one) => one!.longestGapMs));
  }

  async close(): Promise<void> {
    await Promise.all([this.ada.stop(), this.grace.stop()]);
    await this.proxy.close();
    await this.server.close();
  }
}

/** Whether a peer hears a tone of somebody. */
export async function loud(peer: RemotePeer, id: string, source = 'microphone'): Promise<boolean> {
  const heard = await peer.call('heard', id, source);
  return (heard?.loud ?? 0) > 8_000;
}
