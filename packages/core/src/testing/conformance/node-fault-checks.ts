import assert from 'node:assert/strict';
import { isSluiceError } from '../../errors.ts';
import { blockingCheck } from './blocking-check.ts';
import { type Check, check, unless } from './check.ts';
import type { OpenTrial } from './node-life-checks.ts';
import type { NodeProfile } from './node-profile.ts';
import type { MakeNode, NodeTrial } from './node-trial.ts';
import { realTurn } from './real-turn.ts';

/** A port that no node has. */
const NO_PORT = 'sluice-conformance';
/** Real time that is looked at after each frame, in turns of a millisecond or more. */
const TURNS = 20;
/** Real time in which a fetch has to end that nobody waits for. */
const PREFETCH_TURNS = 200;

/** Whether faults come to light, and whether the node takes its time where it should. */
export function nodeFaultChecks(open: OpenTrial, profile: NodeProfile): readonly Check<MakeNode>[] {
  const { throwing, isSource = false } = profile;

  return [
    check('lets a fault come to light that it meets while it emits', async (make) => {
      let emissions = 0;
      const watch = { emits: (port: string) => (++emissions === 2 ? NO_PORT : port) };
      await using trial = await open(make, { watch });
      await trial.feed(4);
      await trial.end();
      if (emissions < 2) return;
      assert.ok(faultOf(trial) !== undefined, 'what emit threw came to nobody: the node swallowed it');
      assert.equal((trial.h.error as { nodeId?: string } | undefined)?.nodeId, 'node', 'whom the fault is laid to');
    }),
    check(
      'lays the fault of a callback to itself',
      async () => {
        const error = new Error('thrown by a callback');
        await using trial = await open(() => throwing!(error));
        await trial.feed(7);
        await trial.end();
        const fault = faultOf(trial);
        assert.ok(fault?.includes(error.message), `what the callback threw came to nobody: ${fault ?? 'no fault'}`);
        const nodeId = isSluiceError(trial.h.error) ? trial.h.error.nodeId : 'node';
        assert.equal(nodeId, 'node', 'whom the fault is laid to');
      },
      unless(throwing !== undefined, 'profile.throwing names no callback'),
    ),
    check('takes no control message that is none of its own', async (make) => {
      await using trial = await open(make);
      const sent = trial.h.send({ type: NO_PORT });
      await assert.rejects(sent, (error) => isSluiceError(error) && error.code === 'SLUICE_NODE_CONTROL');
    }),
    check('takes its time from the clock, and hands what is no timer to clock.track', async (make) => {
      await using trial = await open(make);
      for (let index = 0; index < 3; index++) {
        for (const port of trial.ports.keys()) trial.h.push(port, trial.frame(port, {}, index));
        await trial.h.settle();
        const before = progressOf(trial);
        for (let turn = 0; turn < TURNS; turn++) await realTurn();
        assert.deepEqual(progressOf(trial), before, 'it went on while the clock stood still');
        await trial.h.advance(20);
      }
    }),
    check('ends a fetch that nobody waits for', async (make) => {
      const { prefetch } = make();
      if (prefetch === undefined) return;
      let over = false;
      const settled = () => {
        over = true;
      };
      prefetch({ signal: AbortSignal.abort(), onProgress: () => {} }).then(settled, settled);
      for (let turn = 0; turn < PREFETCH_TURNS && !over; turn++) await realTurn();
      assert.ok(over, 'prefetch does not settle with an aborted signal');
    }),
    blockingCheck<MakeNode>(
      async (make) => {
        const trial = await open(make);
        const port = [...trial.ports.keys()][0]!;
        return {
          prepare: (index) => {
            const frame = trial.frame(port, { load: true }, index);
            return () => trial.h.push(port, frame);
          },
          settle: () => trial.h.advance(100),
          close: () => trial[Symbol.asyncDispose](),
        };
      },
      unless(!isSource, 'it has no inputs'),
    ),
  ];
}

/** What the graph knows of a fault of the node: it failed, or it reported one. */
function faultOf({ h }: NodeTrial): string | undefined {
  if (h.status === 'failed') return h.error instanceof Error ? h.error.message : String(h.error);
  return h.inspect().nodes.find(({ id }) => id === 'node')?.lastError;
}

function progressOf({ h, emitted }: NodeTrial) {
  const held = h.inspect().nodes.find(({ id }) => id === 'node')?.held;
  return { status: h.status, held, emitted: emitted.length, timers: h.clock.timers };
}
