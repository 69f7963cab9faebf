import { realClock } from '@sluice/core';
import { seededRandom } from '@sluice/core/testing';
import type { HostAudioSource, MediaHost } from '../src/host/media-host.ts';
import { PeerLink } from '../src/room/embedded/peer-link.ts';
import { RelayFaults } from '../src/room/embedded/relay-faults.ts';
import type { SentTrack } from '../src/room/session/sent-track.ts';
import { tone, wait } from './linked-connections.ts';
import { until } from './until.ts';

const NAMES = ['microphone', 'customAudio.one', 'customAudio.two', 'customAudio.three'] as const;
const LOUD = 1_000;

/** One end of a link over the engine, and what it has said that nobody has heard yet. */
class Side {
  readonly link: PeerLink;
  /** What is on its way, in order; a description can be lost with all behind it. */
  readonly outbox: ((to: PeerLink) => void)[] = [];
  readonly faults: string[] = [];
  readonly wished = new Map<string, SentTrack>();
  /** Names of tracks of the other side of which something loud came since they were last forgotten. */
  readonly heard = new Set<string>();
  /** Those that the other side says it sends. */
  readonly present = new Set<string>();
  readonly #source: HostAudioSource;

  constructor(media: MediaHost, polite: boolean, hz: number) {
    this.#source = media.createAudioSource({ sampleRate: 48_000, channels: 1, autoSilence: true, cushionMs: 60 });
    this.#source.write(tone({ hz, sampleRate: 48_000, ms: 20_000 }));
    const fault = (error: unknown) => void this.faults.push(String(error));
    this.link = new PeerLink({
      media,
      polite,
      candidates: 'loopback',
      ice: {},
      clock: realClock,
      sendDescription: (description, exchange) => this.outbox.push((to) => to.description(description, exchange)),
      sendCandidate: (candidate) => this.outbox.push((to) => to.candidate(candidate)),
      onAudio: (name, samples) => {
        if (samples.some((sample) => sample > LOUD)) this.heard.add(name);
      },
      onVideo: () => {},
      onTrack: (name, present) => (present ? this.present.add(name) : this.present.delete(name)),
      onPackets: () => {},
      onState: () => {},
      onUseless: () => fault('useless'),
      relayFaults: new RelayFaults(fault),
      report: fault,
    });
    for (const name of NAMES) this.link.receive(name, true);
  }

  /** Begins to send a track, or to send nothing under its name. */
  turn(name: string): void {
    if (!this.wished.delete(name)) this.wished.set(name, { kind: 'audio', source: this.#source });
    this.link.send(this.wished);
  }

  /** What was sent under one name is sent under another, or taken away where both are. */
  rename(from: string, to: string): void {
    const track = this.wished.get(from);
    if (track === undefined || from === to) return;
    this.wished.delete(from);
    this.link.remove(from);
    this.wished.set(to, track);
    this.link.send(this.wished);
  }

  close(): void {
    this.link.close();
    this.#source.close();
  }
}

/**
 * Two links over an engine, which want other things at any time while what they say is late or lost; then a path that is whole.
 * What does not hold in the end, nothing if all does: both have agreed, each hears what the other sends and nothing else, and no
 * step failed.
 */
export async function runNegotiation(media: MediaHost, seed: number, most = 12): Promise<string[]> {
  const random = seededRandom(seed);
  const below = (end: number) => Math.floor(random() * end);
  const name = () => NAMES[below(NAMES.length)]!;
  const [a, b] = [new Side(media, true, 440), new Side(media, false, 660)];
  const carry = (from: Side, to: Side, many = from.outbox.length) => {
    for (const say of from.outbox.splice(0, many)) say(to.link);
  };
  let lost = 0;
  try {
    for (let step = 0; step < most; step++) {
      const [one, other] = below(2) === 0 ? [a, b] : [b, a];
      const what = below(8);
      if (what < 3) one.turn(name());
      else if (what === 3) one.rename(name(), name());
      else if (what === 4) for (const side of [a, b]) side.turn(name());
      else if (what < 7) carry(one, other, 1 + below(6));
      else if (lost++ < 2) one.outbox.length = 0;
      await (below(2) === 0 ? wait(below(20)) : Promise.resolve());
    }
    const quiet = () => a.outbox.length + b.outbox.length === 0 && !a.link.awaitingAnswer && !b.link.awaitingAnswer;
    for (const side of [a, b]) {
      side.link.offer();
      side.link.offerAgain();
    }
    const heard = (by: Side, of: Side) => [...of.wished.keys()].every((wished) => by.heard.has(wished));
    const settled = async () => {
      carry(a, b);
      carry(b, a);
      return quiet() && heard(a, b) && heard(b, a);
    };
    a.heard.clear();
    b.heard.clear();
    const agreed = await until(settled, 8_000).then(
      () => true,
      () => false,
    );
    const told = (side: Side) => `${[...side.wished.keys()].sort()}`;
    const broken = [...a.faults, ...b.faults];
    if (!agreed)
      broken.push(
        `quiet ${quiet()}; a hears ${[...a.heard].sort()} of ${told(b)}, b hears ${[...b.heard].sort()} of ${told(a)}`,
      );
    for (const [by, of] of [
      [a, b],
      [b, a],
    ] as const)
      for (const wished of of.wished.keys()) if (!by.present.has(wished)) broken.push(`${wished} is not there`);
    return broken;
  } finally {
    a.close();
    b.close();
  }
}
