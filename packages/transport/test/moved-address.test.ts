import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type RemotePeer, startPeer } from './peers/remote-peer.ts';
import { SERVER, TwoNetworks } from './two-networks.ts';
import { until } from './until.ts';

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const { missing, installable } = TwoNetworks;
// CI installs what it can; rights to make networks it has or has not.
const isTried = missing === undefined || (installable && process.env.CI === 'true');
const withNetworks = isTried ? describe : describe.skip;

withNetworks(`a machine that moves to another network${missing === undefined ? '' : ` (${missing})`}`, () => {
  let networks: TwoNetworks;
  let ada: RemotePeer;
  let grace: RemotePeer;
  const ends: (() => unknown)[] = [];

  beforeEach(async () => {
    networks = await TwoNetworks.open();
    networks.connect(1);
    ends.push(() => networks.close());
  });
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  /** A room server at the hub, and somebody there who is in a call with the machine that moves. */
  async function meet() {
    const [command = '', ...args] = [...networks.atHub, process.execPath, '--import', path('peers/ts-loader.mjs')];
    const server = spawn(command, [...args, path('peers/serve-room.ts'), SERVER], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    ends.push(() => server.kill());
    const [text] = (await once(server.stdout!, 'data')) as [Buffer];
    const url = `${text.toString().trim()}/hello`;
    [ada, grace] = await Promise.all([startPeer(networks.farAway), startPeer(networks.atHub)]);
    ends.push(() => Promise.all([ada.stop(), grace.stop()]));
    const adaId = await ada.call('join', url, 'tone-440');
    const graceId = await grace.call('join', url, 'tone-880');
    await ada.call('listen', graceId);
    await grace.call('listen', adaId);
    await until(async () => (await loud(ada, graceId)) > 8_000 && (await loud(grace, adaId)) > 8_000);
    await Promise.all([ada.call('resetGap', graceId), grace.call('resetGap', adaId)]);
    await Promise.all([ada.call('events'), grace.call('events')]);
    return { adaId, graceId };
  }

  const loud = async (peer: RemotePeer, id: string) => (await peer.call('heard', id))?.loud ?? 0;

  test('goes on with its call under its new address, and nobody is told that it left', async () => {
    const { adaId, graceId } = await meet();
    const hearEachOther = async () => {
      const before = [await loud(ada, graceId), await loud(grace, adaId)];
      await until(
        async () => (await loud(ada, graceId)) > before[0]! + 8_000 && (await loud(grace, adaId)) > before[1]! + 8_000,
        20_000,
      );
    };
    networks.disconnect(1);
    networks.connect(2);
    await hearEachOther();
    expect((await ada.call('heard', graceId))?.longestGapMs).toBeLessThan(2_500);
    expect((await grace.call('heard', adaId))?.longestGapMs).toBeLessThan(2_500);
    // Back again, and for a moment there is none.
    networks.disconnect(2);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    networks.connect(1);
    await hearEachOther();
    const { local, ...others } = await ada.call('participants');
    expect([local.id, Object.keys(others)]).toEqual([adaId, [graceId]]);
    expect((await grace.call('events')).filter((event) => event.startsWith('left'))).toEqual([]);
  });
});
