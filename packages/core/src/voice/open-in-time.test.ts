import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { sleep } from '../time/clock.ts';
import { VirtualClock } from '../time/virtual-clock.ts';
import { defineVoiceModel } from './define-voice-model.ts';
import type { LanguageModel } from './language-model.ts';
import { OPEN_MS, openInTime } from './open-in-time.ts';
import { fallback } from './relay/fallback.ts';
import { swappable } from './relay/swappable.ts';
import type { SessionContext } from './session.ts';

function model(
  name: string,
  started: (context: Pick<SessionContext<unknown, object>, 'signal' | 'clock'>) => Promise<void>,
): LanguageModel<object> {
  return defineVoiceModel({
    kind: 'language-model',
    name,
    latencyMs: 0,
    settings: {},
    start: async ({ emit, signal, clock }) => {
      await started({ signal, clock });
      return { write: ({ id, epoch }) => emit({ type: 'finished', id, epoch }) };
    },
  });
}

const hangs = () => model('hangs', ({ clock, signal }) => sleep(clock, Number.POSITIVE_INFINITY, signal));

it('gives up a model that does not open, and closes what it opens later', async () => {
  const clock = new VirtualClock();
  let aborted = false;
  let open = () => {};
  const slow = model('slow', ({ signal, clock }) => {
    signal.addEventListener('abort', () => {
      aborted = true;
    });
    return new Promise((resolve) => {
      open = resolve;
      clock.at(Number.POSITIVE_INFINITY, resolve);
    });
  });
  const opening = openInTime(slow, { clock });
  const refused = expect(opening).rejects.toMatchObject({
    code: 'SLUICE_VOICE_MODEL',
    model: 'slow',
    category: 'fall-back',
  });
  await clock.advance(OPEN_MS - 1);
  expect(clock.timers).toBe(1);
  await clock.advance(1);
  await refused;
  expect(aborted).toBe(true);
  open();
  await clock.settle();
  expect(clock.timers).toBe(0);
});

it('leaves a session that has opened alone, until its signal aborts', async () => {
  const clock = new VirtualClock();
  const abort = new AbortController();
  const session = await openInTime(
    model('quick', () => Promise.resolve()),
    { clock, signal: abort.signal },
  );
  await clock.advance(2 * OPEN_MS);
  expect([session.ended, clock.timers]).toEqual([false, 0]);
  abort.abort();
  expect(session.ended).toBe(true);
});

it('lets another take over from one that hangs, also in a model made of such', async () => {
  const clock = new VirtualClock();
  const both = swappable(
    fallback(
      hangs(),
      model('spare', () => Promise.resolve()),
    ),
  );
  const opening = openInTime(both, { clock });
  await clock.advance(OPEN_MS);
  const session = await opening;
  await session.write({ id: '1', epoch: 0, messages: [] });
  for await (const event of session) {
    expect(event).toMatchObject({ type: 'finished', id: '1' });
    break;
  }
  await session.close();
});

it('refuses to swap for one that hangs', async () => {
  const clock = new VirtualClock();
  const both = swappable(model('first', () => Promise.resolve()));
  const session = await openInTime(both, { clock });
  const used = expect(both.use(hangs())).rejects.toMatchObject({ model: 'hangs' });
  await clock.advance(OPEN_MS);
  await used;
  expect(both.name).toBe('first');
  await session.close();
});

it('lets virtual time pass while an opening waits on its clock, and knows all sessions of a clock by that one', async () => {
  const clock = new VirtualClock();
  let opened = 0;
  const tired = model('tired', async ({ clock: own }) => {
    await sleep(own, 700);
    if (++opened === 1) throw new Error('not yet');
  });
  const changes: string[] = [];
  const both = fallback(
    tired,
    model('spare', ({ clock: own }) => sleep(own, 300)),
    { onSwitch: ({ to, atMs }) => changes.push(`${to} at ${atMs}`) },
  );
  const open = async () => {
    const opening = openInTime(both, { clock });
    await clock.advance(1_500);
    return opening;
  };
  // The first rests for the second session as well.
  const sessions = [await open(), await open()];
  expect([changes, opened]).toEqual([['spare at 1000'], 1]);
  for (const session of sessions) await session.close();
  await clock.settle();
  expect([clock.timers, clock.pending]).toEqual([0, 0]);
});

it('leaves nothing on the signal of a session that is over', async () => {
  const { signal } = new AbortController();
  for (let i = 0; i < 20; i++)
    await (
      await openInTime(
        model('short', async () => {}),
        { signal },
      )
    ).close();
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

it('ends an open session with the signal', async () => {
  const controller = new AbortController();
  let reason: unknown;
  const told = model('told', async ({ signal }) =>
    signal.addEventListener('abort', () => {
      reason = 'aborted';
    }),
  );
  const session = await openInTime(told, { signal: controller.signal });
  controller.abort();
  expect([session.ended, reason]).toEqual([true, 'aborted']);
});
