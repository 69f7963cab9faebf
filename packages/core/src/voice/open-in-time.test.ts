import { expect, it } from 'vitest';
import { VirtualClock } from '../time/virtual-clock.ts';
import { defineVoiceModel } from './define-voice-model.ts';
import type { LanguageModel } from './language-model.ts';
import { OPEN_MS, openInTime } from './open-in-time.ts';
import { fallback } from './relay/fallback.ts';
import { swappable } from './relay/swappable.ts';

/** Work of a model holds no virtual clock here: what hangs would hold it for ever. */
class FreeClock extends VirtualClock {
  override track<T>(work: Promise<T>): Promise<T> {
    return work;
  }
}

function model(name: string, started: (signal: AbortSignal) => Promise<void>): LanguageModel<object> {
  return defineVoiceModel({
    kind: 'language-model',
    name,
    latencyMs: 0,
    settings: {},
    start: async ({ emit, signal }) => {
      await started(signal);
      return { write: ({ id, epoch }) => emit({ type: 'finished', id, epoch }) };
    },
  });
}

const hangs = () => model('hangs', () => new Promise(() => {}));

it('gives up a model that does not open, and closes what it opens later', async () => {
  const clock = new FreeClock();
  let aborted = false;
  let open = () => {};
  const slow = model('slow', (signal) => {
    signal.addEventListener('abort', () => {
      aborted = true;
    });
    return new Promise((resolve) => {
      open = resolve;
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
  const clock = new FreeClock();
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
  const clock = new FreeClock();
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
  const clock = new FreeClock();
  const both = swappable(model('first', () => Promise.resolve()));
  const session = await openInTime(both, { clock });
  const used = expect(both.use(hangs())).rejects.toMatchObject({ model: 'hangs' });
  await clock.advance(OPEN_MS);
  await used;
  expect(both.name).toBe('first');
  await session.close();
});
