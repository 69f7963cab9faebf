import { isSluiceError, realClock } from '@sluice/core';
import { measureTone } from '@sluice/core/testing';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createChildHost } from '../src/host/child/child-host.ts';
import type { HostDeath, HostSessionDescription, MediaHost } from '../src/host/media-host.ts';
import { PeerLink } from '../src/room/embedded/peer-link.ts';
import { RelayFaults } from '../src/room/embedded/relay-faults.ts';
import { readServerMessage } from '../src/room/protocol/read-message.ts';
import { joined, linkConnections, record, tone } from './linked-connections.ts';
import { until } from './until.ts';

const MUTANTS = 300;
const mono = { sampleRate: 48_000, channels: 1, autoSilence: true, cushionMs: 60 } as const;
const sender = '12345678-1234-4234-8234-123456789abc';

let host: MediaHost;
let deaths: HostDeath[];

beforeEach(() => {
  host = createChildHost();
  deaths = [];
  host.onDown((death) => deaths.push(death));
});
afterEach(() => host.close());

/** What a browser or a bot offers: sound and pictures. */
async function realOffer(): Promise<HostSessionDescription> {
  const connection = host.createConnection({ candidates: 'loopback' });
  connection.addTrack('microphone', host.createAudioSource(mono));
  connection.addTrack('camera', host.createVideoSource({ screen: false }));
  const offer = await connection.createOffer();
  connection.close();
  return { ...offer, sdp: offer.sdp.replace(/^a=(candidate:.*|end-of-candidates)\r?\n/gm, '') };
}

/** Lines that are lost, doubled, moved, cut off, or that hold other numbers and words. */
const changes = {
  lost: (lines: string[], at: number) => lines.toSpliced(at, 1),
  doubled: (lines: string[], at: number) => lines.toSpliced(at, 0, lines[at]!),
  moved: (lines: string[], at: number, to: number) => lines.toSpliced(at, 1).toSpliced(to, 0, lines[at]!),
  cut: (lines: string[], at: number, to: number) => lines.with(at, lines[at]!.slice(0, to % (lines[at]!.length + 1))),
  counted: (lines: string[], at: number, to: number) =>
    lines.with(at, lines[at]!.replace(/\d+/g, String([0, 1, 255, 65_536, 4_294_967_296, -1][to % 6]))),
  renamed: (lines: string[], at: number, to: number) =>
    lines.with(at, lines[at]!.replace(/[a-z]+/, ['sendonly', 'inactive', 'ssrc', 'rtcp', 'rid', 'x'][to % 6]!)),
  ended: (lines: string[], at: number) => [...lines.slice(0, Math.max(12, at)), ''],
} as const;
const kinds = Object.keys(changes) as (keyof typeof changes)[];

/** As the signalling passes it on: `SLUICE_ROOM_PROTOCOL` for what the room refuses. */
function passed(description: HostSessionDescription): HostSessionDescription {
  const link = { from: sender, to: sender };
  const body = { kind: 'description', link, exchange: 1, description };
  const message = readServerMessage(JSON.stringify({ type: 'relay', from: sender, body }));
  if (message.type !== 'relay' || message.body.kind !== 'description') throw new Error('no description came');
  return message.body.description;
}

/** What becomes of an offer at the one who is asked: `answered`, or the code of an error of ours. */
async function outcomeOf(offer: HostSessionDescription): Promise<string> {
  let outcome: string | undefined;
  const codeOf = (error: unknown) => (isSluiceError(error) ? error.code : `not ours: ${error}`);
  const take = (what: string) => {
    outcome ??= what;
  };
  const ignore = () => {};
  try {
    const link = new PeerLink({
      media: host,
      candidates: 'loopback',
      ice: {},
      clock: realClock,
      polite: true,
      sendDescription: ({ type }) => take(type === 'answer' ? 'answered' : 'offered'),
      sendCandidate: ignore,
      onAudio: ignore,
      onVideo: ignore,
      onTrack: ignore,
      onPackets: ignore,
      onState: ignore,
      onUseless: () => take('useless'),
      relayFaults: new RelayFaults(ignore),
      report: (error) => take(codeOf(error)),
    });
    link.description(passed(offer), 1);
    await until(() => outcome !== undefined);
    link.close();
  } catch (error) {
    take(codeOf(error));
  }
  return outcome!;
}

test(`${MUTANTS} mutated descriptions end in an answer or an error of ours, and a good call works afterwards`, async ({
  task,
}) => {
  const offer = await realOffer();
  const lines = offer.sdp.split('\r\n');
  const at = fc.nat(lines.length - 1);
  const step = fc.tuple(fc.constantFrom(...kinds), at, at);
  const mutants = fc.sample(fc.array(step, { minLength: 1, maxLength: 4 }), { numRuns: MUTANTS, seed: 11 });
  const outcomes = new Map<string, number>();
  expect(await outcomeOf(offer)).toBe('answered');
  for (let n = 0; n < MUTANTS; n += 10) {
    const some = mutants
      .slice(n, n + 10)
      .map((steps) =>
        steps.reduce((text, [kind, where, to]) => changes[kind](text, Math.min(where, text.length - 1), to), lines),
      );
    for (const outcome of await Promise.all(some.map((text) => outcomeOf({ ...offer, sdp: text.join('\r\n') }))))
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  task.meta.measured = [...outcomes].map(([outcome, times]) => `of ${MUTANTS} descriptions ${outcome} ${times}`);
  expect(deaths).toEqual([]);
  // Answered, refused by the room, and refused by the engine: the mutants reach all of it, and nothing else comes.
  expect([...outcomes.keys()].sort()).toEqual(['SLUICE_HOST_NEGOTIATION', 'SLUICE_ROOM_PROTOCOL', 'answered']);
  for (const times of outcomes.values()) expect(times).toBeGreaterThan(MUTANTS / 20);

  const call = linkConnections(host);
  const source = host.createAudioSource(mono);
  call.a.addTrack('microphone', source);
  const heard = record(call.b, 'microphone');
  await call.negotiate();
  source.write(tone({ hz: 440, sampleRate: 48_000, ms: 1_500 }));
  await until(() => joined(heard.chunks).filter((sample) => Math.abs(sample) > 1_000).length > 24_000);
  expect(measureTone(joined(heard.chunks).slice(-14_400), 48_000, 440, { searchHz: 5 }).snr).toBeGreaterThan(20);
  call.close();
});
