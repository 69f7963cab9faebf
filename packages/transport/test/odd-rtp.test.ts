import { setTimeout as sleep } from 'node:timers/promises';
import { measureTone } from '@sluice/core/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createChildHost } from '../src/host/child/child-host.ts';
import type { HostConnection, MediaHost } from '../src/host/media-host.ts';
import { joined, linkConnections, record, tone } from './linked-connections.ts';
import { OddSender } from './odd-sender.ts';

const HZ = 440;
const NEIGHBOUR_HZ = 700;
const format = { sampleRate: 48_000, channels: 1 } as const;
/** Behind so many the tone has to be heard again: 2 s. It takes 5 to 10 where nobody else computes. */
const MOST_PACKETS = 100;
/** Samples of 20 ms. */
const BLOCK = 960;
const HOUR = 3_600 * format.sampleRate;
/** The jitter buffer of the engine keeps 200 packets, of 20 ms each here; more begin it anew. */
const MOST_BUFFERED_S = 4;

let host: MediaHost;
let sender: OddSender;
let connection: HostConnection;
let heard: ReturnType<typeof record>;
let neighbour: { readonly heard: ReturnType<typeof record>; close(): void };
let deaths = 0;

beforeAll(async () => {
  host = createChildHost();
  host.onDown(() => deaths++);
  ({ sender, connection } = await OddSender.connect(host, HZ));
  heard = record(connection, 'odd');
  neighbour = await speakingNeighbour();
});
afterAll(async () => {
  neighbour?.close();
  await sender?.close();
  await host.close();
});

/** Two others of the same engine, one of whom speaks all the time. */
async function speakingNeighbour() {
  const linked = linkConnections(host);
  const source = host.createAudioSource({ ...format, autoSilence: false, cushionMs: 100 });
  linked.a.addTrack('voice', source);
  const others = record(linked.b, 'voice');
  await linked.negotiate();
  source.write(tone({ hz: NEIGHBOUR_HZ, ...format, ms: 60_000 }));
  return { heard: others, close: linked.close };
}

/** Bytes of RTCP from which its sender takes that it is for it. */
function rtcp(type: number, count: number, ...words: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 + 4 * words.length);
  bytes.set([0x80 | count, type, 0, words.length]);
  for (const [index, word] of words.entries()) bytes.writeUInt32BE(word, 4 + 4 * index);
  return bytes;
}

/** Several packets of Opus as one: RFC 6716, 3.2.5, code 3 of packets of any length below 252 bytes. */
function together(packets: readonly Buffer[]): Buffer {
  const bodies = packets.map((packet) => packet.subarray(1));
  const lengths = bodies.slice(0, -1).map(({ length }) => length);
  return Buffer.concat([Buffer.from([packets[0]![0]! | 3, 0x80 | packets.length, ...lengths]), ...bodies]);
}

/** In the last 150 ms, which the jitter buffer had ready 60 ms before. */
function toneIsHeard(): boolean {
  return measureTone(joined(heard.chunks.slice(-15)), format.sampleRate, HZ).snr > 10;
}

async function each(packets: number, send: (at: number) => Promise<void>): Promise<void> {
  for (let at = 0; at < packets; at++) {
    await send(at);
    await sleep(19);
  }
}

it.each<[string, () => Promise<void> | void]>([
  ['times that jump an hour ahead', () => sender.jump({ samples: HOUR })],
  ['times that jump an hour back', () => sender.jump({ samples: -HOUR })],
  ['times that jump 100 ms back', () => sender.jump({ samples: -4_800 })],
  ['numbers that jump by half of all', () => sender.jump({ packets: 30_000 })],
  [
    'times that stand still',
    () =>
      each(15, () => {
        sender.next(0);
        return sender.send(sender.voice[0]!);
      }),
  ],
  [
    'times that run ten times too fast',
    () =>
      each(15, (at) => {
        sender.next(9_600);
        return sender.send(sender.voice[at]!);
      }),
  ],
  [
    'one packet fifty times',
    async () => {
      for (let at = 0; at < 50; at++) await sender.send(sender.voice[0]!);
    },
  ],
  ['a payload type that nobody agreed to', () => sender.speak(15, { payloadType: 77 })],
  [
    'another source (SSRC) beside it',
    () => each(15, () => sender.speak(1).then(() => sender.send(sender.voice[0]!, { ssrc: 12_345 }))),
  ],
  [
    'packets of nothing',
    () =>
      each(15, () => {
        sender.next();
        return sender.send(Buffer.alloc(0));
      }),
  ],
  [
    'packets of padding alone',
    () =>
      each(15, () => {
        sender.sequence++;
        return sender.send(Buffer.from([0, 0, 0, 0, 5]), { padding: true, paddingSize: 5 });
      }),
  ],
  [
    '2.5 ms a packet',
    () =>
      each(15, async () => {
        for (let at = 0; at < 8; at++) {
          sender.next(120);
          await sender.send(Buffer.from([0xe0, 0xff, 0xfe]));
        }
      }),
  ],
  [
    '120 ms a packet',
    async () => {
      for (let at = 0; at < 4; at++) {
        sender.next(6 * 960);
        await sender.send(together(sender.voice.slice(6 * at, 6 * at + 6)));
        await sleep(118);
      }
    },
  ],
  [
    'packets that say stereo in turn',
    () =>
      each(15, (at) => {
        sender.next();
        const packet = Buffer.from(sender.voice[at]!);
        if (at % 2 === 1) packet[0]! ^= 4;
        return sender.send(packet);
      }),
  ],
  [
    'reports with clocks of nowhere',
    () =>
      each(5, async (at) => {
        const clock = at % 2 === 0 ? 0 : 0xffff_ffff;
        await sender.report(rtcp(200, 0, sender.ssrc, clock, clock, at * 100_000_000, 0xffff_ffff, 0xffff_ffff));
        await sender.speak(2);
      }),
  ],
  ['a goodbye of who stays', () => sender.report(rtcp(203, 1, sender.ssrc))],
  [
    'ten seconds at once',
    async () => {
      for (let at = 0; at < 500; at++) {
        sender.next();
        await sender.send(sender.voice[at % 50]!);
      }
    },
  ],
  [
    'forty times as many as it may',
    () =>
      each(15, async () => {
        for (let at = 0; at < 40; at++) {
          sender.next();
          await sender.send(sender.voice[at]!);
        }
      }),
  ],
])('%s: the tone is heard again behind them, and what piles up is what the engine keeps at most', async (_, trick) => {
  await trick();
  const before = await connection.stats();
  // What is looked at was said behind the trick.
  await sender.speak(20);
  let spoken = 20;
  while (!toneIsHeard() && spoken < MOST_PACKETS) {
    await sender.speak(10);
    spoken += 10;
  }
  expect(toneIsHeard()).toBe(true);
  const after = await connection.stats();
  expect([...heard.formats]).toEqual(['48000/1']);
  const delay =
    (after.jitterBufferDelay - before.jitterBufferDelay) / (after.jitterBufferEmitted - before.jitterBufferEmitted);
  expect(delay).toBeLessThan(MOST_BUFFERED_S);
});

it('who is beside it was heard all the time, by the same engine', () => {
  const samples = joined(neighbour.heard.chunks.slice(50));
  const blocks = Math.floor(samples.length / BLOCK);
  let [silence, longest] = [0, 0];
  for (let at = 0; at < blocks; at++) {
    const silent = samples.subarray(at * BLOCK, (at + 1) * BLOCK).every((sample) => Math.abs(sample) < 500);
    silence = silent ? silence + 1 : 0;
    longest = Math.max(longest, silence);
  }
  expect(blocks).toBeGreaterThan(200);
  // None is what is expected; a machine with other work may hold both ends up for a moment.
  expect(longest).toBeLessThan(15);
  expect(measureTone(samples.subarray(-format.sampleRate), format.sampleRate, NEIGHBOUR_HZ).snr).toBeGreaterThan(10);
  expect(deaths).toBe(0);
});
