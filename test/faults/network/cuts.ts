import { setTimeout as wait } from 'node:timers/promises';
import { isSluiceError, realClock } from '@sluice/core';
import { CallClient, CustomAudioSource, CustomAudioTrack, type RoomServer } from '@sluice/transport';
import { TcpRelay } from '@sluice/transport/testing';
import { expect, vi } from 'vitest';
import { all } from '../all.ts';
import type { FaultRow, Measured } from '../fault-row.ts';
import { withServer } from './with-server.ts';

/** Messages of a join: the request for a socket and its answer, what the client says of itself, the welcome, and after it. */
const JOINING = [1, 2, 3, 4, 5, 6];
const ONE_OUTCOME_MS = 10_000;
/** Timers of a busy machine are late. */
const LATE_MS = 1_000;

type Break = (relay: TcpRelay) => void;
const breaks: Record<string, Break> = {
  'for a while': (relay) => void relay.cut(2_000),
  'for good': (relay) => void relay.cut(),
  // Nobody is told: it is the deadline of `join` that ends this one.
  ...(all && { silently: (relay: TcpRelay) => void relay.stall() }),
};

const others = (client: CallClient) => Object.keys(client.participants()).filter((id) => id !== 'local');

/** Signalling that is cut in the midst of what it has to say, at each message of it. */
export const cutRows: readonly FaultRow[] = [
  {
    id: 'N11',
    fault:
      'The signalling is cut for 2 s, for good, or silently, at each message of a join; for a second at each message of a negotiation and of a resumption',
    happens:
      'One outcome: joined, or `join` fails with an error that says why, and the others see nobody. What was under way is done when the signalling is back: a new track is heard, the lists of participants are equal',
    bound: '10 s',
    realTime: true,
    timeoutMs: 120_000,
    check: (measured) =>
      withServer(async (server) => {
        await cutJoins(server, measured);
        if (!all) return;
        for (const message of [1, 2, 3, 4, 5]) await cutNegotiation(server, message);
        for (const message of [1, 2, 3, 4, 5]) await cutResumption(server, message);
      }),
  },
];

async function cutJoins(server: RoomServer, measured: Measured): Promise<void> {
  const cases = Object.values(breaks).flatMap((cut) => JOINING.map((message) => ({ cut, message })));
  const outcomes = await Promise.all(cases.map((each, index) => cutJoin(server, `join-${index}`, each)));
  measured('joined', outcomes.filter(({ outcome }) => outcome === 'joined').length, `of ${cases.length}`);
  measured('slowest', Math.max(...outcomes.map(({ ms }) => ms)), 'ms');
  for (const { outcome, ms } of outcomes) {
    expect(outcome).toMatch(/^(joined|SLUICE_[A-Z_]+)$/);
    expect(ms).toBeLessThan(ONE_OUTCOME_MS + LATE_MS);
  }
}

async function cutJoin(server: RoomServer, room: string, { cut, message }: { cut: Break; message: number }) {
  const relay = await TcpRelay.open({ port: server.port });
  await using client = new CallClient();
  await using witness = new CallClient();
  await witness.join(server.roomUrl(room));
  relay.atPiece(message, () => cut(relay));
  const begun = realClock.now();
  const outcome = await client.join(`http://127.0.0.1:${relay.port}/${room}`).then(
    () => 'joined',
    (error: unknown) => (isSluiceError(error) ? error.code : String(error)),
  );
  const ms = realClock.now() - begun;
  // Later than it would be cut, where so many messages did not come.
  await wait(100);
  relay.restore();
  // Nobody is half in: the room has who says that it is joined, and nobody else.
  const there = outcome === 'joined' ? [client.participants().local.id] : [];
  await vi.waitFor(() => expect(others(witness)).toEqual(there), { timeout: ONE_OUTCOME_MS, interval: 50 });
  await client.leave();
  await witness.leave();
  await relay.close();
  return { outcome, ms };
}

/** Two in a room, the one behind a relay. */
async function withPair(
  server: RoomServer,
  test: (pair: { relay: TcpRelay; ada: CallClient; grace: CallClient }) => Promise<void>,
): Promise<void> {
  const relay = await TcpRelay.open({ port: server.port });
  await using ada = new CallClient();
  await using grace = new CallClient();
  await ada.join(`http://127.0.0.1:${relay.port}/pair`);
  await grace.join(server.roomUrl('pair'));
  await vi.waitFor(() => expect(others(ada)).toEqual([grace.participants().local.id]), { timeout: ONE_OUTCOME_MS });
  await test({ relay, ada, grace });
  await ada.leave();
  await grace.leave();
  await relay.close();
}

/** Both begin to send something at once, and one of them is cut off at a message of what follows. */
async function cutNegotiation(server: RoomServer, message: number): Promise<void> {
  await withPair(server, async ({ relay, ada, grace }) => {
    relay.atPiece(message, () => void relay.cut(1_000));
    const heard = [sends(ada, grace), sends(grace, ada)];
    await vi.waitFor(() => expect(heard.every((loud) => loud())).toBe(true), { timeout: ONE_OUTCOME_MS, interval: 50 });
    expect([others(ada), others(grace)]).toEqual([[grace.participants().local.id], [ada.participants().local.id]]);
  });
}

/** Sends a loud track from one to the other. Returns whether it has arrived. */
function sends(from: CallClient, to: CallClient): () => boolean {
  let loud = false;
  to.setAudioRenderer(
    from.participants().local.id,
    (_, frame) => {
      loud ||= frame.samples.some((sample) => Math.abs(sample) > 4_000);
      frame.close();
    },
    { audioSource: 'noise' },
  );
  const source = new CustomAudioSource(48_000, 1, { autoSilence: true });
  void from.addCustomAudioTrack('noise', new CustomAudioTrack(source));
  const noise = Int16Array.from({ length: 48_000 * 10 }, () => (Math.random() - 0.5) * 40_000);
  source.writeFrames(noise).catch(() => {});
  return () => loud;
}

/** One whose signalling was cut is cut off again at a message of its way back, while the others come and go. */
async function cutResumption(server: RoomServer, message: number): Promise<void> {
  await withPair(server, async ({ relay, ada, grace }) => {
    const { id } = ada.participants().local;
    let back = 0;
    ada.on('network-connection', ({ kind, state }) => {
      if (kind === 'signalling' && state === 'connected') back++;
    });
    relay.atPiece(message, () => void relay.cut(1_000));
    relay.reset();
    await using lin = new CallClient();
    await lin.join(server.roomUrl('pair'));
    const [graceId, linId] = [grace.participants().local.id, lin.participants().local.id];
    await vi.waitFor(
      () => {
        expect(back).toBeGreaterThan(0);
        expect(others(ada).sort()).toEqual([graceId, linId].sort());
        expect(others(grace).sort()).toEqual([id, linId].sort());
        expect(others(lin).sort()).toEqual([id, graceId].sort());
      },
      { timeout: ONE_OUTCOME_MS, interval: 50 },
    );
    expect(ada.participants().local.id).toBe(id);
    await lin.leave();
  });
}
