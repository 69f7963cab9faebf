import { expect, test } from 'vitest';
import type { CallClient } from '../src/call/call-client.ts';
import { inputs, janusKit } from './janus-kit.ts';
import { until } from './until.ts';

const { server, client } = janusKit();

/** Tells when somebody was heard last, on the clock of `performance`. */
function listen(to: CallClient, id: string) {
  const heard = { loudAt: 0 };
  to.setAudioRenderer(id, (_, { samples }) => {
    if (samples.some((sample) => sample > 3_000)) heard.loudAt = performance.now();
  });
  return heard;
}

test('over three servers everybody hears everybody, moves when one of them dies, and leaves', async () => {
  const servers = [await server(), await server(), await server()];
  const url = servers[0]!.roomUrl('hello', `?create&servers=${servers.map(({ port }) => `127.0.0.1:${port}`)}`);
  const clients = [client(), client(), client()];
  const told: string[] = [];
  for (const [n, one] of clients.entries()) {
    await one.join(url, { userName: `${n}`, ...inputs(`tone-${440 + 110 * n}`) });
    for (const event of ['participant-left', 'error', 'app-message'] as const)
      one.on(event, () => told.push(`${n} ${event}`));
  }
  const ids = clients.map((one) => one.participants().local.id);
  const pairs = clients.flatMap((one, n) =>
    ids.filter((_, m) => m !== n).map((id) => ({ one, id, heard: listen(one, id) })),
  );
  await until(() => pairs.every(({ heard }) => heard.loudAt > 0), 20_000);
  await clients[0]!.sendAppMessage('hello');
  await until(() => told.length === 2);
  expect(told.toSorted()).toEqual(['1 app-message', '2 app-message']);

  // The first client is on the first server: of three that were empty it was the first.
  await servers[0]!.close('SIGKILL');
  const killedAt = performance.now();
  await until(() => pairs.every(({ heard }) => heard.loudAt > killedAt + 2_000), 20_000);
  await clients[0]!.sendAppMessage('still here');
  await until(() => told.length === 4);
  expect(told.filter((what) => what.endsWith('app-message'))).toHaveLength(4);

  await clients[0]!.leave();
  await until(() => clients.slice(1).every((one) => Object.keys(one.participants()).length === 2));
  expect(told.slice(4).toSorted()).toEqual(['1 participant-left', '2 participant-left']);
}, 60_000);
