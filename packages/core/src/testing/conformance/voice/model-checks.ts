import assert from 'node:assert/strict';
import { isVoiceError, isVoiceModel, type VoiceKind } from '../../../voice/index.ts';
import { type Check, check } from '../check.ts';
import { type AnyModel, ModelTrial } from './model-trial.ts';

/** A frame that takes longer holds everybody up. */
const MOST_MICROS = 5_000;

/** What a kind has of its own for the checks that all kinds have. */
export interface ModelSubject<Item, Event extends { readonly type: string }> {
  readonly kind: VoiceKind;
  readonly secrets?: Readonly<Record<string, string>>;
  /** Items that get an answer, in order; those of requests in the given epoch. Made anew each time. */
  readonly items: (epoch: number) => readonly Item[];
  /** What an answer is, without what differs from run to run. */
  readonly told: (event: Event) => unknown;
  /** Whether its items are requests, which belong to an epoch. */
  readonly asks: boolean;
}

/** The checks that are the same for every kind of model. */
export function modelChecks<Item, Event extends { readonly type: string }>(
  subject: ModelSubject<Item, Event>,
): readonly Check<() => AnyModel<Item, Event>>[] {
  type Make = () => AnyModel<Item, Event>;
  const { kind, items, told, asks } = subject;
  const secrets = subject.secrets === undefined ? {} : { secrets: subject.secrets };
  const trying =
    (run: (trial: ModelTrial<Item, Event>) => Promise<void>) =>
    async (make: Make): Promise<void> => {
      await using trial = await ModelTrial.open(make(), secrets);
      await run(trial);
    };

  return [
    check<Make>('says what it is, and carries the contract', async (make) => {
      assert.ok(isVoiceModel(make(), kind), `it is no ${kind}: make it with defineVoiceModel`);
    }),
    check<Make>('refuses settings that it does not know', async (make) => {
      const open = make().open({ ...secrets, settings: { 'sluice-conformance': 1 } as object });
      await assert.rejects(open, (error) => error instanceof TypeError);
    }),
    check<Make>(
      'answers what it is asked, and again the same',
      trying(async (trial) => {
        await trial.write(...items(0));
        await trial.flush();
        const first = trial.events.map(told);
        assert.ok(first.length > 0, 'nothing was told');
        assert.equal(trial.ended, undefined, 'it ended by itself');
      }),
    ),
    check<Make>('serves two sessions at once, each with a state of its own', async (make) => {
      const model = make();
      await using one = await ModelTrial.open(model, secrets);
      await using two = await ModelTrial.open(model, secrets);
      await Promise.all([one.write(...items(0)), two.write(...items(0))]);
      await Promise.all([one.flush(), two.flush()]);
      assert.deepEqual(two.events.map(told), one.events.map(told), 'what the second was told');
    }),
    check<Make>('ends the events when it is closed, once and again', async (make) => {
      const trial = await ModelTrial.open(make(), secrets);
      await Promise.all([trial.session.close(), trial.session.close()]);
      await trial.clock.settle();
      assert.deepEqual(trial.ended, {}, 'how the events ended');
      assert.throws(() => void trial.session.write(items(0)[0]!), isVoiceError);
      await trial.session.flush();
      assert.equal(trial.clock.timers, 0, 'timers that are left');
    }),
    check<Make>('gives everything back when it is aborted at work', async (make) => {
      const abort = new AbortController();
      const trial = await ModelTrial.open(make(), { ...secrets, signal: abort.signal });
      for (const item of items(0)) void trial.session.write(item);
      const flushed = trial.session.flush();
      abort.abort();
      await trial.clock.settle();
      const before = trial.events.length;
      await trial.finish(Promise.all([flushed, trial.session.close()]));
      await trial.clock.advance(1_000);
      assert.deepEqual(trial.ended, {}, 'how the events ended');
      assert.equal(trial.events.length, before, 'events after the end');
      assert.equal(trial.clock.timers, 0, 'timers that are left');
    }),
    check<Make>('does not open for somebody who has gone', async (make) => {
      await assert.rejects(make().open({ ...secrets, signal: AbortSignal.abort(new Error('gone')) }), /gone/);
    }),
    check<Make>(
      'holds its clock while it works, by timers or by clock.track',
      trying(async (trial) => {
        for (const item of items(0)) void trial.session.write(item);
        let over = false;
        const flushed = trial.session.flush().then(() => {
          over = true;
        });
        // A virtual clock that runs out of what is due has waited for everything that was tracked.
        for (let turn = 0; turn < 3 && !over; turn++) await trial.clock.run({ limitMs: 600_000 });
        assert.ok(over, 'the clock ran out while it was still at work');
        await flushed;
      }),
    ),
    check<Make>(
      'does not block the event loop with what is written',
      trying(async (trial) => {
        let least = Number.POSITIVE_INFINITY;
        for (let run = 0; run < 5; run++) {
          const [item] = items(0);
          const before = process.cpuUsage();
          const written = trial.session.write(item!);
          const { user, system } = process.cpuUsage(before);
          least = Math.min(least, user + system);
          if (written !== undefined) await trial.finish(written);
          await trial.flush();
        }
        assert.ok(least < MOST_MICROS, `a write took ${(least / 1_000).toFixed(1)} ms; at most 5 ms`);
      }),
    ),
    check<Make>(
      'tells nothing of an epoch that was cancelled',
      trying(async (trial) => {
        for (const item of items(0)) void trial.session.write(item);
        trial.session.cancel(1);
        const before = trial.events.length;
        await trial.clock.advance(500);
        await trial.write(...items(1));
        await trial.flush();
        const late = trial.events.slice(before) as readonly (Event & { readonly epoch?: number })[];
        assert.ok(late.length > 0, 'nothing was told of the new epoch');
        assert.ok(
          late.every(({ epoch }) => epoch === 1),
          'something of the old epoch was told after it',
        );
      }),
      asks || 'what is written belongs to no epoch',
    ),
  ];
}
