import type { ServedSocket } from '@sluice/service/testing';
import type { RealtimeScript } from './realtime-script.ts';
import { RealtimeTalk } from './realtime-talk.ts';
import { realtimeWorld } from './realtime-world.ts';

/** Serves Realtime sessions by a script; `talks` gets each. */
export function realtimeSockets(script: RealtimeScript, talks: RealtimeTalk[]): (socket: ServedSocket) => void {
  const world = realtimeWorld(script);
  return (socket) => void talks.push(new RealtimeTalk(socket, world));
}
