import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { CallClient } from '../src/call/call-client.ts';
import { Listener } from './peers/listener.ts';
import { type RemotePeer, startPeer } from './peers/remote-peer.ts';
import { createTestDevices } from './peers/test-devices.ts';
import { until } from './until.ts';

/** A kind of room server to run the contract against. */
export interface ContractRoom {
  /** A meeting URL that nobody used yet. */
  url(): string;
  close(): Promise<void>;
}

/** What every room driver has to fulfil, between call clients in processes of their own. */
export function roomDriverContract(name: string, start: () => Promise<ContractRoom>): void {
  describe(`room driver contract: ${name}`, () => {
    let room: ContractRoom;
    let peers: RemotePeer[];
    let url: string;

    beforeAll(async () => {
      room = await start();
      peers = await Promise.all([startPeer(), startPeer()]);
    });
    beforeEach(() => {
      url = room.url();
    });
    afterEach(async () => {
      await Promise.all(peers.map((peer) => peer.call('leave')));
      for (const peer of peers) await peer.call('events');
    });
    afterAll(async () => {
      await Promise.all(peers.map((peer) => peer.stop()));
      await room.close();
    });

    const meet = async (microphones: readonly [string | false, string | false]) => {
      const [a, b] = peers as [RemotePeer, RemotePeer];
      const idA = await a.call('join', url, microphones[0], 'Ada');
      const idB = await b.call('join', url, microphones[1], 'Grace');
      await a.call('listen', idB);
      await b.call('listen', idA);
      return { a, b, idA, idB };
    };
    const hears = async (peer: RemotePeer, id: string, hz: number, source = 'microphone') => {
      await until(async () => {
        const heard = await peer.call('heard', id, source);
        return heard !== undefined && heard.loud > 16_000 && Math.abs(heard.hz - hz) < hz * 0.03;
      });
    };

    test('each hears the tone of the other, and both are told of each other', async () => {
      const { a, b, idA, idB } = await meet(['tone-440', 'tone-880']);
      await Promise.all([hears(b, idA, 440), hears(a, idB, 880)]);
      const seen = await a.call('participants');
      expect(Object.keys(seen).sort()).toEqual([idB, 'local'].sort());
      expect(seen[idB]).toMatchObject({
        info: { userName: 'Grace', isLocal: false },
        media: { microphone: { state: 'playable' } },
      });
      expect(await b.call('events')).toEqual(
        expect.arrayContaining(['state joining', 'state joined', `joined ${idA}`]),
      );
      await until(async () => (await a.call('events')).some((event) => event.startsWith('speaker ')));
    });

    test('nothing is sent to whom it is not wanted by, and it is again when it is', async () => {
      const { a, b, idA } = await meet(['tone-440', false]);
      await hears(b, idA, 440);
      await b.call('subscribe', 'unsubscribed');
      await until(async () => {
        const before = await b.call('packetsReceived');
        await new Promise((resolve) => setTimeout(resolve, 400));
        return (await b.call('packetsReceived')) === before;
      });
      expect((await b.call('participants'))[idA]?.media.microphone).toMatchObject({
        subscribed: 'unsubscribed',
        state: 'receivable',
      });
      await b.call('subscribe', 'subscribed');
      await until(async () => ((await b.call('heard', idA))?.silentForMs ?? 1_000) < 100);
      expect((await a.call('participants')).local.media.microphone.state).toBe('playable');
    });

    test('a microphone is turned off and on', async () => {
      const { a, b, idA } = await meet(['tone-440', false]);
      await hears(b, idA, 440);
      await a.call('microphone', false);
      await until(async () => (await b.call('participants'))[idA]?.media.microphone.state === 'off');
      await until(async () => ((await b.call('heard', idA))?.silentForMs ?? 0) > 300);
      await a.call('microphone', true);
      await until(async () => ((await b.call('heard', idA))?.silentForMs ?? 1_000) < 100);
    });

    test('a custom track is heard beside the microphone, by its name, until it is removed', async () => {
      const { a, b, idA } = await meet(['tone-440', 'tone-880']);
      await b.call('listen', idA, 'music');
      await hears(b, idA, 440);
      await a.call('addTrack', 'music', 'tone-1200');
      await hears(b, idA, 1_200, 'music');
      await hears(b, idA, 440);
      await a.call('removeTrack', 'music');
      await until(async () => (await b.call('participants'))[idA]?.media.customAudio.music === undefined);
      await hears(b, idA, 440);
    });

    test('a bot that stands by leaves the one before it to be heard, until it takes its place', async () => {
      const [former, next] = peers as [RemotePeer, RemotePeer];
      const devices = createTestDevices();
      onTestFinished(() => devices.close());
      const ear = new CallClient({ devices });
      onTestFinished(() => ear.release());
      const listen = (id: string) => {
        const listener = new Listener();
        ear.setAudioRenderer(id, (_, frame) => listener.take(frame));
        return listener;
      };
      await ear.join(url);
      const idFormer = await former.call('standBy', url, 'tone-440', 1);
      const heard = listen(idFormer);
      await former.call('takePlace');
      await until(() => heard.heard.loud > 16_000);
      const idNext = await next.call('standBy', url, 'tone-880', 2);
      await until(() => Object.hasOwn(ear.participants(), idNext));
      const before = heard.heard.loud;
      await until(() => heard.heard.loud > before + 16_000);
      const heardNext = listen(idNext);
      await next.call('takePlace');
      expect(await next.call('participants')).not.toHaveProperty(idFormer);
      await until(() => Math.abs(heardNext.heard.hz - 880) < 25);
      await until(async () => (await former.call('state')) === 'left');
      expect(await former.call('events')).toContainEqual(expect.stringMatching(/^error SLUICE_JOIN_REFUSED/));
      expect(ear.participants()).not.toHaveProperty(idFormer);
      await next.call('takePlace');
    });

    test('a tidy leave is told at once, and the same client may come back', async () => {
      const { a, b, idA } = await meet(['tone-440', false]);
      await a.call('leave');
      await until(async () => (await b.call('events')).includes(`left ${idA} leftCall`), 1_000);
      const again = await a.call('join', url, 'tone-440');
      await b.call('listen', again);
      await hears(b, again, 440);
    });
  });
}
