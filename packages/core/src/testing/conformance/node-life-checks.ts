import assert from 'node:assert/strict';
import { checkContract } from '../../node/plugin-contract.ts';
import { type Check, check } from './check.ts';
import type { MakeNode, NodeTrial, TrialOptions } from './node-trial.ts';
import { realTurn } from './real-turn.ts';

/** Opens a trial of what `make` makes. */
export type OpenTrial = (make: MakeNode, options?: TrialOptions) => Promise<NodeTrial>;

/** Within which a node has to end: a graph's own `deadlines.drainMs`, in milliseconds. */
const DEADLINE_MS = 10_000;

/** How a node begins, ends, is stopped and aborted. */
export function nodeLifeChecks(open: OpenTrial): readonly Check<MakeNode>[] {
  const ends = (count: number) =>
    check<MakeNode>(`ends in order after ${count} ${count === 1 ? 'frame' : 'frames'}`, async (make) => {
      await using trial = await open(make);
      await trial.feed(count);
      await trial.end();
      trial.assertDone();
    });

  return [
    check('is made for this contract, with defineNode', async (make) => checkContract(make())),
    ends(0),
    ends(1),
    ends(7),
    check('has closed every frame when it has ended', async (make) => {
      await using trial = await open(make);
      await trial.feed(7);
      await trial.end();
      trial.h.close();
      trial.h.frames.assertNone();
      assert.equal(trial.buffers, 0, 'buffers that did not come back to the pool');
    }),
    check('drains within the deadline', async (make) => {
      await using trial = await open(make);
      await trial.feed(7);
      const status = await trial.end(DEADLINE_MS);
      assert.notEqual(status, 'running', `it is not done ${DEADLINE_MS} ms after its inputs have ended`);
    }),
    check('ends when the graph is stopped', async (make) => {
      await using trial = await open(make);
      await trial.feed(3);
      trial.h.stop().catch(() => {});
      const status = await trial.over(2 * DEADLINE_MS);
      assert.equal(status, 'done', `it is ${status} after graph.stop(): ${trial.h.error ?? 'it does not end'}`);
    }),
    check('gives everything back when it is aborted in mid-stream', async (make) => {
      await using trial = await open(make);
      await trial.feed(3);
      await abort(trial);
      await assertNothingOpen(trial);
    }),
    check('gives everything back when it is aborted in the middle of a callback', async (make) => {
      let due = false;
      let aborted: Promise<void> | undefined;
      // While it emits, or, if it emits nothing by itself, before its handler has returned.
      const now = () => {
        if (due) aborted ??= abort(trial);
      };
      const watch = {
        emits: (port: string) => {
          now();
          return port;
        },
        handled: now,
      };
      await using trial = await open(make, { watch });
      await trial.feed(2);
      due = true;
      await trial.feed(1);
      await (aborted ?? abort(trial));
      await assertNothingOpen(trial);
    }),
    check('gives everything back when it is aborted while it waits for room', async (make) => {
      await using trial = await open(make, { room: 1 });
      await trial.crowd();
      await abort(trial);
      await assertNothingOpen(trial);
    }),
    check('leaves no timer behind', async (make) => {
      await using trial = await open(make);
      await trial.feed(3);
      const over = trial.h.abort().catch(() => {});
      // Aborted at once, before time moves on.
      const { timers } = trial.h.clock;
      await over;
      assert.equal(timers, 0, 'timers of the clock that are left');
    }),
    check('is silent after its end', async (make) => {
      for (const how of ['end', 'abort'] as const) {
        await using trial = await open(make);
        await trial.feed(3);
        if (how === 'end') await trial.end();
        else await abort(trial);
        await trial.h.advance(DEADLINE_MS).catch(() => {});
        assert.equal(
          trial.node.late,
          0,
          `frames that it emitted after it was closed, by ${how}; look at context.signal`,
        );
      }
    }),
    check('takes no harm when it is closed twice', async (make) => {
      await using trial = await open(make);
      await trial.feed(3);
      await abort(trial);
      trial.node.closeAgain();
    }),
    check('serves two graphs, each with a state of its own', async (make) => {
      const blueprint = make();
      const again = () => blueprint;
      const alone: number[] = [];
      for (let pass = 0; pass < 2; pass++) {
        await using trial = await open(again);
        await trial.feed(5);
        await trial.end();
        alone.push(trial.emitted.length);
      }
      assert.equal(alone[1], alone[0], 'frames that left in the second graph');
      await using one = await open(again);
      await using other = await open(again);
      for (let index = 0; index < 5; index++) for (const trial of [one, other]) await trial.feed(1);
      await other.end();
      await one.end();
      for (const trial of [one, other])
        assert.equal(trial.emitted.length, alone[0], 'frames that left in one of two graphs at once');
    }),
  ];
}

async function abort({ h }: NodeTrial): Promise<void> {
  // A clock that does not come to rest is judged elsewhere.
  await h.abort().catch(() => h.close());
}

async function assertNothingOpen(trial: NodeTrial): Promise<void> {
  // What a handler had under way without telling the clock is judged elsewhere.
  const open = () => trial.h.frames.list().some(({ frame }) => (frame as { closed?: boolean }).closed !== true);
  for (let turn = 0; turn < 20 && open(); turn++) await realTurn();
  if (open()) trial.h.frames.assertNone();
  assert.equal(trial.buffers, 0, 'buffers that did not come back to the pool');
}
