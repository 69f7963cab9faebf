import { VirtualClock } from '@sluice/core/testing';
import fc from 'fast-check';
import { beforeEach, expect, test, vi } from 'vitest';
import type {
  HostAudioSource,
  HostConnection,
  HostIceCandidate,
  HostSessionDescription,
  HostVideoSource,
  MediaHost,
  VideoSendSettings,
} from '../../host/media-host.ts';
import type { SentTrack } from '../session/sent-track.ts';
import { PeerLink } from './peer-link.ts';
import { RelayFaults } from './relay-faults.ts';

type SignallingState = 'stable' | 'have-local-offer' | 'have-remote-offer';

/** A connection that checks the order of calls as the engine does, and writes them down. */
class FakeConnection {
  readonly log: string[] = [];
  #signalling: SignallingState = 'stable';
  #tracks: string[] = [];
  #offers = 0;
  /** Media sections of what the far side said last. */
  #remote = '';

  /** Tells a candidate, as the engine does while it describes itself. */
  #find: (candidate: HostIceCandidate) => void = () => {};

  /** Tells that the far side sends a track, or does so no more. */
  track: (track: { name: string; kind: 'audio' | 'video'; present: boolean }) => void = () => {};

  on = (event: string, listener: (data: unknown) => void) => {
    if (event === 'candidate') this.#find = listener;
    if (event === 'track') this.track = listener;
    return () => {};
  };
  addTrack = (name: string) => {
    this.#tracks.push(name);
    this.log.push(`add ${name}`);
  };
  replaceTrack = (name: string, source: HostAudioSource | null) => {
    this.log.push(`replace ${name} ${source === null ? 'nothing' : 'source'}`);
  };
  configureTrack = (name: string) => {
    this.log.push(`configure ${name}`);
  };
  removeTrack = (name: string) => {
    this.#tracks = this.#tracks.filter((other) => other !== name);
    this.log.push(`remove ${name}`);
  };
  receive = (name: string, wanted: boolean) => {
    this.log.push(`receive ${name} ${wanted}`);
  };
  close = () => {
    this.log.push('close');
  };

  async createOffer(options: { iceRestart?: boolean } = {}): Promise<HostSessionDescription> {
    this.#find({ candidate: 'early', sdpMid: '0', sdpMLineIndex: 0 });
    this.#step('stable', 'have-local-offer', `offer${options.iceRestart === true ? ' restart' : ''}`);
    return {
      type: 'offer',
      sdp: `o${++this.#offers}${'\nm='.repeat(this.#tracks.length)}`,
      tracks: this.#tracks.map((name, n) => ({ mid: String(n), name })),
    };
  }

  async createAnswer(): Promise<HostSessionDescription> {
    this.#step('have-remote-offer', 'stable', 'answer');
    return { type: 'answer', sdp: `a${this.#remote}`, tracks: [] };
  }

  async setRemoteDescription({ type, sdp }: HostSessionDescription): Promise<void> {
    this.#remote = '\nm='.repeat(sdp.split('\nm=').length - 1);
    if (type === 'offer') this.#step('stable', 'have-remote-offer', 'take offer');
    else this.#step('have-local-offer', 'stable', 'take answer');
  }

  async rollback(): Promise<void> {
    this.#step('have-local-offer', 'stable', 'rollback');
  }

  /** Refuses it a turn later, as the engine does on a connection that was closed meanwhile. */
  async addIceCandidate(): Promise<void> {
    await settle();
    throw new Error('no candidate');
  }

  #step(from: string, to: SignallingState, what: string): void {
    if (this.#signalling !== from) throw new Error(`${what} in ${this.#signalling}`);
    this.#signalling = to;
    this.log.push(what);
  }
}

interface Side {
  readonly link: PeerLink;
  readonly connection: FakeConnection;
  /** Types of descriptions, and candidates, in the order in which they were said. */
  readonly said: string[];
  readonly outbox: { readonly description: HostSessionDescription; readonly exchange: number }[];
}

const faults: unknown[] = [];
const source = {} as HostAudioSource;
const camera = {} as HostVideoSource;
const track = (change: Partial<Extract<SentTrack, { kind: 'audio' }>> = {}): SentTrack => ({
  kind: 'audio',
  source,
  ...change,
});
const video = (settings: VideoSendSettings = {}): SentTrack => ({ kind: 'video', source: camera, settings });
const nothing = () => {};

function side(polite: boolean): Side {
  const connection = new FakeConnection();
  const outbox: Side['outbox'] = [];
  const said: string[] = [];
  const media = { createConnection: () => connection as unknown as HostConnection } as unknown as MediaHost;
  const link = new PeerLink({
    media,
    polite,
    candidates: 'loopback',
    ice: {},
    clock: new VirtualClock(),
    sendDescription: (description, exchange) => {
      outbox.push({ description, exchange });
      said.push(description.type);
    },
    sendCandidate: ({ candidate }) => said.push(candidate),
    onAudio: nothing,
    onVideo: nothing,
    onTrack: nothing,
    onPackets: nothing,
    onState: nothing,
    onUseless: nothing,
    relayFaults: new RelayFaults((error) => faults.push(error)),
    report: (error) => faults.push(error),
  });
  return { link, connection, outbox, said };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));
/** Carries everything over until both are silent. */
const exchange = async (a: Side, b: Side) => {
  await settle();
  while (a.outbox.length + b.outbox.length > 0) {
    for (const { description, exchange: number } of a.outbox.splice(0)) b.link.description(description, number);
    for (const { description, exchange: number } of b.outbox.splice(0)) a.link.description(description, number);
    await settle();
  }
};

let polite: Side;
let impolite: Side;
beforeEach(() => {
  faults.length = 0;
  polite = side(true);
  impolite = side(false);
});

test('several changes of one moment become one offer', async () => {
  polite.link.send(
    new Map([
      ['microphone', track()],
      ['customAudio.music', track()],
    ]),
  );
  await exchange(polite, impolite);
  expect(polite.connection.log).toEqual(['add microphone', 'add customAudio.music', 'offer', 'take answer']);
  expect(faults).toEqual([]);
});

test('a candidate that is found before the offer is said is said after it', async () => {
  polite.link.send(new Map([['microphone', track()]]));
  await settle();
  expect(polite.said).toEqual(['offer', 'early']);
});

test('offers that cross: the polite one gives way', async () => {
  polite.link.send(new Map([['microphone', track()]]));
  impolite.link.send(new Map([['microphone', track()]]));
  await exchange(polite, impolite);
  expect(polite.connection.log).toEqual(['add microphone', 'offer', 'rollback', 'take offer', 'answer']);
  expect(impolite.connection.log).toEqual(['add microphone', 'offer', 'take answer']);
  expect(faults).toEqual([]);
});

test('a far side that offers at every moment and never gives way is refused each time by the impolite one, and answered by the polite one', async () => {
  for (const [one, answered] of [
    [polite, true],
    [impolite, false],
  ] as const) {
    one.link.send(new Map([['microphone', track()]]));
    await settle();
    // It never answers, and each offer is its first.
    for (let n = 1; n <= 30; n++) {
      one.link.description({ type: 'offer', sdp: 'theirs', tracks: [] }, n);
      await settle();
    }
    const answers = one.said.filter((type) => type === 'answer');
    expect(answers).toHaveLength(answered ? 30 : 0);
    // What it wanted itself is wanted still, and what it waits for is what it said last.
    one.link.description({ type: 'answer', sdp: 'late', tracks: [] }, one.outbox.at(-1)!.exchange);
    await settle();
    expect(one.link.awaitingAnswer).toBe(false);
  }
  expect(faults).toEqual([]);
});

const happening = fc.constantFrom(
  'a offers',
  'b offers',
  'to a',
  'to b',
  'to both',
  'lost to a',
  'lost to b',
  'a again',
  'b again',
);

test('however offers cross, get lost and are said again, both agree in the end, and no step meets a half-done one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 1, maxLength: 30 }), async (happenings) => {
      const [a, b] = [side(true), side(false)];
      let tracks = 0;
      const offer = ({ link }: Side) => {
        const names = Array.from({ length: ++tracks }, (_, n) => `customAudio.${n}`);
        link.send(new Map(names.map((name) => [name, track()])));
      };
      const carry = (from: Side, to: Side) => {
        const said = from.outbox.shift();
        if (said !== undefined) to.link.description(said.description, said.exchange);
      };
      for (const one of happenings) {
        if (one === 'a offers') offer(a);
        else if (one === 'b offers') offer(b);
        else if (one === 'lost to a') b.outbox.shift();
        else if (one === 'lost to b') a.outbox.shift();
        else if (one === 'a again') a.link.offerAgain();
        else if (one === 'b again') b.link.offerAgain();
        else {
          if (one !== 'to a') carry(a, b);
          if (one !== 'to b') carry(b, a);
        }
        await settle();
      }
      // A path that is whole again, and both look after what got lost.
      for (let round = 0; round < 4; round++) {
        await exchange(a, b);
        for (const { link } of [a, b]) link.offerAgain();
      }
      await exchange(a, b);
      expect([a.link.awaitingAnswer, b.link.awaitingAnswer]).toEqual([false, false]);
      expect(faults).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

test('a known track is switched without an offer', async () => {
  polite.link.send(new Map([['microphone', track()]]));
  await exchange(polite, impolite);
  polite.connection.log.length = 0;
  polite.link.send(new Map([['microphone', track({ source: null })]]));
  polite.link.send(new Map());
  polite.link.send(new Map([['microphone', track()]]));
  await settle();
  expect(polite.connection.log).toEqual(['replace microphone nothing', 'replace microphone source']);
  expect(polite.outbox).toEqual([]);
});

test('a staged track is negotiated and sends nothing; then it begins without an offer', async () => {
  polite.link.send(new Map([['microphone', { ...track(), staged: true }]]));
  await exchange(polite, impolite);
  expect(polite.connection.log).toEqual(['add microphone', 'replace microphone nothing', 'offer', 'take answer']);
  polite.connection.log.length = 0;
  polite.link.send(new Map([['microphone', { ...track(), staged: true }]]));
  polite.link.send(new Map([['microphone', track()]]));
  polite.link.send(new Map([['microphone', { ...track(), staged: true }]]));
  await settle();
  expect(polite.connection.log).toEqual(['replace microphone source', 'replace microphone nothing']);
  expect(polite.outbox).toEqual([]);
});

test('other settings need an offer', async () => {
  polite.link.send(new Map([['microphone', track()]]));
  await exchange(polite, impolite);
  polite.connection.log.length = 0;
  polite.link.send(new Map([['microphone', track({ settings: { channelConfig: 'stereo' } })]]));
  await exchange(polite, impolite);
  expect(polite.connection.log).toEqual(['remove microphone', 'add microphone', 'offer', 'take answer']);
});

test('a camera is sent otherwise at once, and negotiated for another codec only', async () => {
  polite.link.send(new Map([['camera', video()]]));
  await exchange(polite, impolite);
  polite.connection.log.length = 0;
  polite.link.send(new Map([['camera', video({ maxFramerate: 10 })]]));
  await exchange(polite, impolite);
  expect(polite.connection.log).toEqual(['configure camera']);
  polite.link.send(new Map([['camera', video({ maxFramerate: 10, codec: 'VP9' })]]));
  await exchange(polite, impolite);
  expect(polite.connection.log).toEqual(['configure camera', 'configure camera', 'offer', 'take answer']);
});

test('a wish during an exchange waits for its end', async () => {
  impolite.link.offer();
  await settle();
  impolite.link.offer({ iceRestart: true });
  impolite.link.offer();
  await exchange(impolite, polite);
  expect(impolite.connection.log).toEqual(['offer', 'take answer', 'offer restart', 'take answer']);
});

test('an offer that got lost is made again; the late answer to the first is not taken for one to the second', async () => {
  impolite.link.offer();
  await settle();
  const lost = impolite.outbox.splice(0)[0]!;
  impolite.link.offerAgain();
  await settle();
  impolite.link.description({ type: 'answer', sdp: 'late', tracks: [] }, lost.exchange);
  await settle();
  expect(impolite.connection.log).toEqual(['offer', 'rollback', 'offer restart']);
  await exchange(impolite, polite);
  expect(impolite.connection.log.at(-1)).toBe('take answer');
  expect(faults).toEqual([]);
});

test('an offer with new sections that got lost is said again as it was, with its candidates, as its answer may be late', async () => {
  impolite.link.send(new Map([['microphone', track()]]));
  await settle();
  const [lost] = impolite.outbox.splice(0);
  impolite.link.offerAgain();
  await settle();
  expect(impolite.connection.log).toEqual(['add microphone', 'offer']);
  expect(impolite.outbox).toEqual([lost]);
  expect(impolite.said).toEqual(['offer', 'early', 'offer', 'early']);
  await exchange(impolite, polite);
  // What both have agreed on has its names: that is made anew.
  impolite.link.offer();
  await settle();
  impolite.outbox.length = 0;
  impolite.link.offerAgain();
  await exchange(impolite, polite);
  expect(impolite.connection.log.slice(2)).toEqual([
    'take answer',
    'offer',
    'rollback',
    'offer restart',
    'take answer',
  ]);
  expect(faults).toEqual([]);
});

test('what comes under a name of the other kind is not received, until what it says comes there', () => {
  const { link, connection } = polite;
  const tell = (kind: 'audio' | 'video', present = true) => connection.track({ name: 'microphone', kind, present });
  link.receive('microphone', true);
  tell('video');
  for (let n = 0; n < 3; n++) link.receive('microphone', true);
  expect(connection.log).toEqual(['receive microphone true', 'receive microphone false']);
  tell('video', false);
  tell('audio');
  link.receive('microphone', true);
  expect(connection.log.slice(2)).toEqual(['receive microphone true']);
});

test('of more tracks than a participant may have the first are taken', async () => {
  const taken = vi.spyOn(polite.connection, 'setRemoteDescription');
  const tracks = Array.from({ length: 32 }, (_, n) => ({ mid: String(n), name: `customAudio.${n}` }));
  polite.link.description({ type: 'offer', sdp: 'theirs', tracks }, 1);
  await settle();
  expect(taken).toHaveBeenCalledWith({ type: 'offer', sdp: 'theirs', tracks: tracks.slice(0, 16) });
});

test('of thousands of candidates few reach the engine, before a description came and after it', async () => {
  const asked = vi.spyOn(polite.connection, 'addIceCandidate').mockResolvedValue();
  const flood = async () => {
    for (let n = 0; n < 5_000; n++)
      polite.link.candidate({ candidate: `candidate:${n}`, sdpMid: '0', sdpMLineIndex: 0 });
    await settle();
  };
  await flood();
  expect(asked).toHaveBeenCalledTimes(128);
  impolite.link.offer();
  await exchange(impolite, polite);
  await flood();
  expect(asked).toHaveBeenCalledTimes(128);
  expect(faults).toEqual([]);
});

test('after closing nothing is done', async () => {
  polite.link.close();
  polite.link.send(new Map([['microphone', track()]]));
  polite.link.offer();
  await settle();
  expect(polite.connection.log).toEqual(['close']);
});

test('a candidate that is refused is a fault, and none where the far side has left meanwhile', async () => {
  const candidate = { candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0 };
  polite.link.candidate(candidate);
  await settle();
  await settle();
  expect(faults).toHaveLength(1);
  polite.link.candidate(candidate);
  await Promise.resolve();
  polite.link.close();
  await settle();
  await settle();
  expect(faults).toHaveLength(1);
});
