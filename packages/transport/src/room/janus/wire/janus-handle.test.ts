import { expect, test } from 'vitest';
import { JanusHandle } from './janus-handle.ts';

test('what comes in the same turn as the answer to a join is told to who listens after it', () => {
  const handle = new JanusHandle(1, { request: () => Promise.reject(new Error('nobody asks')) }, () => {});
  const event = (n: number) => ({ janus: 'event', sender: 1, plugindata: { plugin: 'x', data: { n } } });
  handle.take(event(1));
  handle.take({ janus: 'webrtcup', sender: 1 });
  const told: unknown[] = [];
  handle.listen({ event: ({ data }) => told.push(data.n), media: (state) => told.push(state) });
  handle.take(event(2));
  expect(told).toEqual([1, 'webrtcup', 2]);
});
