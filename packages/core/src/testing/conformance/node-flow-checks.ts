import assert from 'node:assert/strict';
import { isSluiceError } from '../../errors.ts';
import { describeFormat, satisfies } from '../../media/media-format.ts';
import { type Check, check, unless } from './check.ts';
import type { OpenTrial } from './node-life-checks.ts';
import type { NodeProfile } from './node-profile.ts';
import type { MakeNode, NodeTrial } from './node-trial.ts';

/** What may leave once the graph was interrupted: a fade, and the frame that it is part of. In microseconds. */
const MOST_AFTER = 25_000;
/** Frames that a node may keep while nothing takes them: a second of 20 ms. */
const MOST_KEPT = 50;

/** Whether a node honours room and epochs. */
export function nodeFlowChecks(open: OpenTrial, profile: NodeProfile): readonly Check<MakeNode>[] {
  const interruptible = unless(profile.interruptible ?? true, 'it drops nothing on an interruption');
  /** Whether it emits without being given anything: nothing follows from how much leaves then. */
  const drivesItself = async (make: MakeNode) => {
    if (profile.isSource === true) return true;
    await using trial = await open(make);
    await trial.feed(5);
    await trial.h.advance(1_000);
    const before = trial.emitted.length;
    await trial.h.advance(1_000);
    return trial.emitted.length > before;
  };
  /** It emits as before, if it has emitted before. */
  const goesOn = async (trial: NodeTrial, between: () => Promise<void>) => {
    await trial.feed(3);
    const before = trial.emitted.length;
    await between();
    const meanwhile = trial.emitted.length;
    await trial.feed(3);
    await trial.end();
    trial.assertDone();
    if (before > 0) assert.ok(trial.emitted.length > meanwhile, 'nothing left any more');
  };

  return [
    check('emits what its outputs declare', async (make) => {
      await using trial = await open(make);
      await trial.feed(10);
      await trial.end();
      for (const { name, frame, spec } of trial.emitted)
        assert.ok(
          satisfies(frame as never, spec.constraint),
          `${describeFormat(frame as never)} left ${name}, which declares another`,
        );
    }),
    check('waits while nothing has room', async (make) => {
      await using trial = await open(make, { room: 1 });
      await trial.feed(200);
      assertNoOverflow(trial);
      const { keptByNode } = trial;
      assert.ok(keptByNode <= MOST_KEPT, `it keeps ${keptByNode} frames while nothing takes what it emits`);
    }),
    check('loses nothing to a slow receiver', async (make) => {
      if (await drivesItself(make)) return;
      const sizes: number[] = [];
      for (const room of [undefined, 1]) {
        await using trial = await open(make, room === undefined ? {} : { room });
        await trial.feed(12);
        trial.h.end();
        for (let idle = 0; room !== undefined && idle < 20; idle = trial.take() ? 0 : idle + 1) {
          await trial.h.advance(20);
          await trial.calm();
        }
        await trial.end();
        sizes.push(trial.emitted.length);
      }
      assert.equal(sizes[1], sizes[0], 'frames that reached a slow receiver');
    }),
    check('takes a burst', async (make) => {
      await using trial = await open(make);
      await trial.feed(50, { stepMs: 0 });
      await trial.h.advance(1_000);
      await trial.end();
      trial.assertDone();
    }),
    check('goes on after a pause of its input', async (make) => {
      await using trial = await open(make);
      await goesOn(trial, () => trial.h.advance(9_000));
    }),
    check('keeps no more the longer it runs', async (make) => {
      await using trial = await open(make);
      await trial.feed(60);
      const kept = trial.keptByNode;
      const { timers } = trial.h.clock;
      await trial.feed(120);
      const later = trial.keptByNode;
      assert.ok(later <= kept + 10, `it keeps ${kept} frames after 60, and ${later} after 180`);
      assert.ok(trial.h.clock.timers <= timers + 10, `${trial.h.clock.timers} timers run after 180 frames`);
    }),
    check('ends in order when one of its inputs ends before the others', async (make) => {
      await using trial = await open(make);
      const [first] = trial.ports.keys();
      await trial.feed(3);
      if (first !== undefined) trial.h.end(first);
      await trial.feed(3);
      await trial.end();
      trial.assertDone();
    }),
    check('goes on in the new epoch after an interruption', async (make) => {
      await using trial = await open(make);
      await goesOn(trial, () => trial.interrupt());
    }),
    check('goes on after interruptions in a row', async (make) => {
      await using trial = await open(make);
      await goesOn(trial, async () => {
        for (let time = 0; time < 4; time++) await trial.interrupt();
      });
    }),
    check('goes on after an interruption before its first frame', async (make) => {
      const counts: number[] = [];
      for (const interrupted of [false, true]) {
        await using trial = await open(make);
        if (interrupted) await trial.interrupt();
        await trial.feed(6);
        await trial.end();
        trial.assertDone();
        counts.push(trial.emitted.length);
      }
      if (counts[0]! > 0) assert.ok(counts[1]! > 0, 'nothing leaves any more');
    }),
    check(
      'has closed what an interruption made void',
      async (make) => {
        await using trial = await open(make, { room: 1 });
        await trial.crowd();
        await trial.interrupt();
        // What waits behind it is thrown away when it is looked at.
        await takeAll(trial);
        assert.equal(trial.stale, 0, 'frames of the interrupted epoch that are open');
      },
      interruptible,
    ),
    check(
      'falls silent on an interruption',
      async (make) => {
        if (await drivesItself(make)) return;
        await using trial = await open(make, { room: 1 });
        await trial.crowd();
        await trial.interrupt();
        const before = new Set(trial.emitted.map(({ frame }) => frame));
        await takeAll(trial);
        for (const name of new Set(trial.emitted.map((one) => one.name))) {
          const after = trial.emitted.filter((one) => one.name === name && !before.has(one.frame));
          const micros = after.reduce((sum, { frame }) => sum + (frame.duration ?? MOST_AFTER), 0);
          assert.ok(micros <= MOST_AFTER, `${micros / 1_000} ms left ${name} after it was interrupted`);
        }
      },
      interruptible,
    ),
  ];
}

/** Two seconds in which everything is taken. */
async function takeAll(trial: NodeTrial): Promise<void> {
  for (let time = 0; time < 100; time++) {
    trial.take();
    await trial.h.advance(20);
  }
  await trial.calm();
}

function assertNoOverflow({ h }: NodeTrial): void {
  if (isSluiceError(h.error) && h.error.code === 'SLUICE_NODE_OVERFLOW') throw h.error;
}
