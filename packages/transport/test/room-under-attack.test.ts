import { readdirSync } from 'node:fs';
import { realClock } from '@sluice/core';
import { ProbeListener, probeSamples } from '@sluice/transport/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CallClient } from '../src/call/call-client.ts';
import { Daily } from '../src/daily.ts';
import { CustomAudioSource } from '../src/devices/custom/custom-audio-source.ts';
import { CustomAudioTrack } from '../src/devices/custom/custom-audio-track.ts';
import { currentDevices } from '../src/devices/registry.ts';
import { type RoomServer, startRoomServer } from '../src/room/server/room-server.ts';
import { attacks, HostileParticipant } from './hostile-participant.ts';
import { wait } from './linked-connections.ts';
import { until } from './until.ts';

const RATE = 16_000;
const FRAMES_PER_SECOND = 50;
/** How long two attack, and then ten. */
const TWO_S = 5;
const TEN_S = 9;
/** Sound before the first attack, and behind the last. */
const QUIET_S = 2;

let server: RoomServer;
const mallories: HostileParticipant[] = [];

beforeEach(async () => {
  server = await startRoomServer();
  Daily.init();
});
afterEach(async () => {
  for (const mallory of mallories.splice(0)) mallory.stop();
  await Daily.deinit();
  await server.close();
});

/** Somebody in the room with a probe signal of its own. */
async function enter(url: string, seed: number) {
  const client = new CallClient();
  const states: string[] = [];
  // That nothing can be agreed with some of them.
  client.on('error', ({ error }) => expect(error.code).toBe('SLUICE_CALL_CONNECTION'));
  client.on('call-state-updated', ({ state }) => states.push(state));
  await client.join(url);
  const source = new CustomAudioSource(RATE, 1);
  await client.addCustomAudioTrack('probe', new CustomAudioTrack(source));
  return { seed, client, source, states, id: client.participants().local.id };
}
type Victim = Awaited<ReturnType<typeof enter>>;

function listen(by: Victim, of: Victim): ProbeListener {
  const listener = new ProbeListener({ seed: of.seed });
  by.client.setAudioRenderer(
    of.id,
    (_, frame) => {
      listener.push(frame.samples, frame, realClock.now());
      frame.close();
    },
    { audioSource: 'probe', sampleRate: RATE, callbackIntervalMs: 20 },
  );
  return listener;
}

/** What the engine's process holds. */
const held = (what: 'fd' | 'task') => readdirSync(`/proc/${currentDevices().host.pid}/${what}`).length;

test.runIf(process.platform === 'linux')(
  'three go on hearing each other while two, and then ten, ask them for new connections all the time',
  async () => {
    const url = server.roomUrl('hello');
    const victims = [await enter(url, 0), await enter(url, 1), await enter(url, 2)];
    const ears = victims.flatMap((by) => victims.filter((of) => of !== by).map((of) => listen(by, of)));
    await until(() => ears.every(({ heardMs }) => heardMs > 300));
    const frames = (2 * QUIET_S + TWO_S + TEN_S) * FRAMES_PER_SECOND;
    for (const { seed, source } of victims) source.write(probeSamples(frames, { sampleRate: RATE, seed }));
    await wait(QUIET_S * 1_000);

    const [before, most] = [
      { fd: held('fd'), task: held('task') },
      { fd: 0, task: 0 },
    ];
    const watch = setInterval(() => {
      for (const what of ['fd', 'task'] as const) most[what] = Math.max(most[what], held(what));
    }, 250);
    // Of eight every other asks for no more than the server passes on; the others, refused, try to come again as somebody else.
    // The last two come and go as fast as they can.
    const attack = (n: number) => {
      const how = { attack: n < 8 ? attacks[n % 3]! : 'visits', patient: n < 8 && n % 2 === 0 } as const;
      const others = { localAddress: `127.0.0.${10 + n}`, victims: victims.map(({ id }) => id) };
      mallories.push(new HostileParticipant({ url, ...others, ...how }));
    };
    for (let n = 0; n < 2; n++) attack(n);
    await wait(TWO_S * 1_000);
    for (let n = 2; n < 10; n++) attack(n);
    await wait(TEN_S * 1_000);
    clearInterval(watch);
    for (const mallory of mallories) mallory.stop();
    await until(() => ears.every(({ arrivals }) => (arrivals.at(-1)?.index ?? 0) > frames - FRAMES_PER_SECOND));

    const reports = ears.map((ear) => ear.report({ expected: { first: 25, end: frames - FRAMES_PER_SECOND } }));
    // On an idle machine nothing is lost, and 40 ms are silent as eight come at once; a busy one stands still by itself.
    expect(Math.max(...reports.map(({ longestGapMs }) => longestGapMs))).toBeLessThan(1_500);
    for (const { heard } of reports) expect(heard).toBeGreaterThan(0.97 * (frames - FRAMES_PER_SECOND - 25));
    expect(victims.map(({ states }) => states)).toEqual(Array(3).fill(['joining', 'joined']));
    const refusals = mallories.map((mallory) => [...new Set(mallory.refusals)]);
    expect(refusals.slice(0, 8)).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((n) => (n % 2 === 0 ? [] : ['rate'])));
    expect(refusals.slice(8)).toEqual([['busy'], ['busy']]);
    // A connection has 8 descriptors, 6 more with each restart of ICE, of which there are 8 at most; for a moment the one before
    // it has some too.
    expect(most.fd - before.fd).toBeLessThan(10 * victims.length * 100);
    expect(most.task - before.task).toBeLessThan(10 * victims.length * 4);
    for (const { client } of victims) await client.leave();
  },
);
