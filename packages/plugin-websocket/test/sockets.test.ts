import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { AudioFrame, type Micros } from '@sluice/core';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { jsonForm, mediaSocket, rawForm, type WebSocketLike } from '../src/index.ts';
import { socketPair } from '../src/testing/index.ts';

let server: WebSocketServer | undefined;
afterEach(() => server?.close());

async function overLoopback(): Promise<readonly [WebSocketLike, WebSocketLike]> {
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  // Still connecting when it is given away.
  const far = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const [near] = (await once(server, 'connection')) as [WebSocket];
  return [far, near];
}

describe.each([
  ['two that are paired', async () => socketPair()],
  ['ws over loopback', overLoopback],
])('a media socket on %s', (_what, sockets) => {
  it.each([['raw', rawForm()] as const, ['json', jsonForm()] as const])(
    'carries sound both ways in the form %s, and ends in order',
    async (_form, form) => {
      const [one, other] = (await sockets()).map((socket) => mediaSocket(socket, { form }));
      const heard: number[] = [];
      const over = new Promise<void>((resolve, reject) =>
        other!.source.subscribe({
          next: (frame: AudioFrame) => heard.push(...frame.samples),
          error: reject,
          complete: resolve,
        }),
      );
      const samples = Int16Array.from({ length: 800 }, (_, i) => i * 40 - 16_000);
      one!.sink.next(new AudioFrame({ samples, sampleRate: 16_000, channels: 1, timestamp: 0 as Micros }));
      while (heard.length < samples.length) await sleep(5);
      expect(heard).toEqual([...samples]);
      expect(await one!.control.close(1000, 'done')).toMatchObject({ code: 1000 });
      expect(await other!.control.finished).toEqual({ code: 1000, reason: 'done' });
      await over;
    },
  );
});
