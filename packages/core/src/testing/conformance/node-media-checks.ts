import assert from 'node:assert/strict';
import type { AudioFrame } from '../../media/audio-frame.ts';
import { cloneFrame, closeFrame, type Frame, idsOf } from '../../media/frame.ts';
import { frameMemory } from '../../media/frame-memory.ts';
import { micros } from '../../time/units.ts';
import { type Check, check, unless } from './check.ts';
import type { OpenTrial } from './node-life-checks.ts';
import type { NodeProfile } from './node-profile.ts';
import type { Feed, MakeNode, NodeTrial } from './node-trial.ts';

/** What a node makes of sound and pictures of every kind. */
export function nodeMediaChecks(open: OpenTrial, profile: NodeProfile): readonly Check<MakeNode>[] {
  const { keepsGaps = true, keepsUtterance = true, ordered = true, isSource = false } = profile;
  const takes = (name: string, ...feeds: readonly (readonly [count: number, feed: Feed])[]) =>
    check<MakeNode>(name, async (make) => {
      await using trial = await open(make);
      for (const [count, feed] of feeds) await trial.feed(count, feed);
      await trial.end();
      trial.assertDone();
      for (const { frame } of trial.emitted) assertWhole(frame);
    });

  return [
    takes('takes a change of format in mid-stream', [4, {}], [4, { otherFormat: true }], [2, {}]),
    takes('takes frames of odd sizes', [
      14,
      {
        lengths: [1, 7, 333, 160, 1_001, 2, 479],
        sizes: [
          [1, 1],
          [7, 5],
          [33, 17],
        ],
      },
    ]),
    takes('takes silence', [7, { silent: true }], [2, {}]),
    check(
      'keeps timestamps in order',
      async (make) => {
        await using trial = await open(make);
        await trial.feed(12);
        await trial.end();
        for (const name of new Set(trial.emitted.map((one) => one.name))) assertOrder(trial, name);
      },
      unless(ordered, 'its frames come in another order'),
    ),
    check(
      'passes a gap on',
      async (make) => {
        await using trial = await open(make);
        await trial.feed(4);
        const gap = { duration: micros(40_000), reason: 'overflow' } as const;
        await trial.feed(1, { gap });
        await trial.feed(4);
        await trial.end();
        const [passed] = trial.emitted.flatMap(({ frame }) => gapOf(frame) ?? []);
        if (emitsWhatItTakes(trial)) assert.deepEqual({ ...passed }, gap);
      },
      unless(keepsGaps, 'it keeps no gaps'),
    ),
    check(
      'keeps the utterance of what it was given',
      async (make) => {
        await using trial = await open(make);
        await trial.feed(8, { utterance: 'first' });
        await trial.end();
        if (!emitsWhatItTakes(trial)) return;
        const named = trial.emitted.filter(({ frame }) => idsOf((frame as AudioFrame).utterance).includes('first'));
        assert.ok(named.length > 0, `none of ${trial.emitted.length} frames kept their utterance`);
      },
      unless(keepsUtterance, 'what leaves is part of no utterance'),
    ),
    check(
      'writes into no frame whose bytes somebody else sees',
      async (make) => {
        const others: { readonly frame: Frame; readonly before: Uint8Array }[] = [];
        await using trial = await open(make);
        await trial.feed(5, {
          look: (given) => {
            const frame = cloneFrame(given);
            const bytes = bytesOf(frame);
            if (bytes !== undefined) others.push({ frame, before: bytes.slice() });
          },
        });
        await trial.end();
        for (const { frame, before } of others) {
          const after = bytesOf(frame)!.slice();
          closeFrame(frame);
          assert.deepEqual(after, before, 'the bytes of a frame that another branch sees');
        }
      },
      unless(!isSource, 'it has no inputs'),
    ),
  ];
}

/** Whether something of a kind that enters left as well. */
function emitsWhatItTakes({ ports, emitted }: NodeTrial): boolean {
  const kinds = new Set([...ports.values()].map(({ constraint }) => constraint?.kind));
  return emitted.some(({ frame }) => (frame.kind === 'audio' || frame.kind === 'video') && kinds.has(frame.kind));
}

function assertOrder({ emitted, ports }: NodeTrial, name: string): void {
  // Of several inputs, frames of one time may leave by one output.
  const least = ports.size > 1 ? 0 : 1;
  let last = Number.NEGATIVE_INFINITY;
  for (const { frame } of emitted.filter((one) => one.name === name)) {
    if (frame.kind !== 'audio' && frame.kind !== 'video') continue;
    const { timestamp } = frame as AudioFrame;
    assert.ok(timestamp >= last + least, `a frame of ${timestamp} us left ${name} after one of ${last} us`);
    last = timestamp;
  }
}

function assertWhole(frame: Frame): void {
  if (frame.kind !== 'audio') return;
  const { samples, channels } = frame as AudioFrame;
  assert.equal(samples.length % channels, 0, 'samples that are no whole sample frame');
}

function gapOf(frame: Frame): AudioFrame['gap'] {
  return (frame as Partial<AudioFrame>).gap;
}

function bytesOf(frame: Frame): Uint8Array | undefined {
  const memory = frameMemory(frame);
  return memory && new Uint8Array(memory.buffer, memory.byteOffset, memory.byteLength);
}
