import assert from 'node:assert/strict';
import { isSluiceError } from '../../errors.ts';
import type { AudioFormat } from '../../media/audio-format.ts';
import type { Frame } from '../../media/frame.ts';
import { isAudioConstraint, isVideoConstraint, prefer, satisfies } from '../../media/media-format.ts';
import type { VideoFormat } from '../../media/video-format.ts';
import { videoFramePool } from '../../media/video-frame-pool.ts';
import type { NodeBlueprint } from '../../node/define-node.ts';
import type { PortSpec } from '../../node/port.ts';
import { type NodeHarness, type NodeHarnessOptions, nodeHarness } from '../node-harness.ts';
import { audioFormats } from './audio-checks.ts';
import { blockingCheck } from './blocking-check.ts';
import { type Check, check, unless } from './check.ts';
import { pictures, sounds } from './trial-frames.ts';
import { videoFormats } from './video-checks.ts';

/** What a node does, where that is not the plain thing. */
export interface NodeProfile {
  /** Inputs to try it with, with their options, where inputs are added by name. Default `one` and `two`, without options. */
  readonly inputs?: NodeHarnessOptions['inputs'];
  /** Makes the frames of a port that takes neither audio nor video: the `index`th, from 0. */
  readonly frames?: (port: string, index: number) => Frame;
  /** Whether it goes on when its inputs have ended, until the graph is stopped. Default false. */
  readonly outlivesInputs?: boolean;
  /** Whether it has no inputs. Default false. */
  readonly isSource?: boolean;
}

type MakeNode = () => NodeBlueprint;

/** The checks for a node made with `defineNode`. */
export function nodeChecks(profile: NodeProfile, seed: number): readonly Check<MakeNode>[] {
  const { outlivesInputs = false, isSource = false } = profile;
  const end = { stop: outlivesInputs || isSource };
  const open = (blueprint: NodeBlueprint) => {
    const names = profile.inputs ?? (blueprint.dynamicInputs === undefined ? {} : { one: {}, two: {} });
    return nodeHarness(blueprint, { inputs: names });
  };
  const portsOf = (blueprint: NodeBlueprint): ReadonlyMap<string, PortSpec> => {
    const names = profile.inputs ?? (blueprint.dynamicInputs === undefined ? {} : { one: {}, two: {} });
    const added = Object.keys(names).map((name) => [name, blueprint.dynamicInputs!] as const);
    return new Map([...Object.entries(blueprint.inputs), ...added]);
  };
  const frameFor = (blueprint: NodeBlueprint, port: string, index: number, load = false) =>
    profile.frames?.(port, index) ?? mediaFor(port, portsOf(blueprint).get(port), index, seed, load);
  const feed = async (h: NodeHarness, blueprint: NodeBlueprint, count: number, epoch = 0) => {
    for (let index = 0; index < count; index++) {
      for (const port of portsOf(blueprint).keys()) {
        const frame = frameFor(blueprint, port, index);
        if (epoch > 0) (frame as { epoch?: number }).epoch = epoch;
        h.push(port, frame);
      }
      await h.advance(20);
    }
  };
  const outputsOf = (h: NodeHarness, blueprint: NodeBlueprint) =>
    Object.entries(blueprint.outputs).flatMap(([name, spec]) =>
      h.outputs(name).map(({ frame }) => ({ name, frame, spec })),
    );

  const ends = (count: number) =>
    check<MakeNode>(`ends in order after ${count} frames, and closes every one`, async (make) => {
      const before = videoFramePool.stats.openBuffers;
      const blueprint = make();
      await using h = await open(blueprint);
      await feed(h, blueprint, count);
      await h.finish(end);
      assert.equal(videoFramePool.stats.openBuffers, before, 'buffers that did not come back to the pool');
    });

  return [
    ends(0),
    ends(1),
    ends(7),
    check('emits what its outputs declare', async (make) => {
      const blueprint = make();
      await using h = await open(blueprint);
      await feed(h, blueprint, 7);
      for (const { name, frame, spec } of outputsOf(h, blueprint))
        assert.ok(satisfies(frame as never, spec.constraint), `${frame.kind} left ${name}, which declares another`);
      await h.finish(end);
    }),
    check('gives everything back when it is aborted in mid-stream', async (make) => {
      const blueprint = make();
      await using h = await open(blueprint);
      await feed(h, blueprint, 3);
      await h.abort();
      h.frames.assertNone();
      assert.equal(h.clock.timers, 0, 'timers that are left');
    }),
    check('goes on in the new epoch after an interruption', async (make) => {
      const blueprint = make();
      await using h = await open(blueprint);
      await feed(h, blueprint, 3);
      const before = outputsOf(h, blueprint).length;
      const interrupted = h.interrupt();
      await h.settle();
      const { epoch } = await interrupted;
      await feed(h, blueprint, 3, epoch);
      await h.finish(end);
      const late = outputsOf(h, blueprint).slice(before);
      if (Object.keys(blueprint.outputs).length === 1)
        for (const { frame } of late)
          assert.ok((frame.epoch ?? epoch) >= epoch, 'a frame of the old epoch left after it');
    }),
    check('serves two graphs, each with a state of its own', async (make) => {
      const blueprint = make();
      const counts = [];
      for (let pass = 0; pass < 2; pass++) {
        await using h = await open(blueprint);
        await feed(h, blueprint, 5);
        await h.finish(end);
        counts.push(outputsOf(h, blueprint).length);
      }
      assert.equal(counts[1], counts[0], 'frames that left in the second graph');
    }),
    check('takes no control message that is none of its own', async (make) => {
      const blueprint = make();
      await using h = await open(blueprint);
      const sent = h.send({ type: 'sluice-conformance' });
      await assert.rejects(sent, (error) => isSluiceError(error) && error.code === 'SLUICE_NODE_CONTROL');
      await h.finish(end);
    }),
    blockingCheck<MakeNode>(
      async (make) => {
        const blueprint = make();
        const h = await open(blueprint);
        const port = [...portsOf(blueprint).keys()][0]!;
        return {
          prepare: (index) => {
            const frame = frameFor(blueprint, port, index, true);
            return () => h.push(port, frame);
          },
          settle: () => h.advance(100),
          close: () => h.abort(),
        };
      },
      unless(!isSource, 'it has no inputs'),
    ),
  ];
}

/** A frame that a port takes: 20 ms of audio, or a picture. */
function mediaFor(port: string, spec: PortSpec | undefined, index: number, seed: number, load: boolean): Frame {
  const constraint = spec?.constraint;
  if (isVideoConstraint(constraint)) {
    const [{ width, height, format }] = load ? [loadPicture] : videoFormats;
    const video: VideoFormat = {
      width: prefer(constraint.width, width),
      height: prefer(constraint.height, height),
      format: prefer(constraint.format, format),
    };
    return pictures(1, index, video, seed)[0]!;
  }
  if (constraint !== undefined && constraint.kind !== 'any' && !isAudioConstraint(constraint))
    throw new TypeError(`the port ${port} takes ${constraint.kind}: give conform the frames by profile.frames`);
  const audio = isAudioConstraint(constraint) ? constraint : undefined;
  const [{ sampleRate, channels }] = audioFormats;
  const format: AudioFormat = {
    sampleRate: prefer(audio?.sampleRate, sampleRate),
    channels: prefer(audio?.channels, channels),
  };
  return sounds(1, index, format, seed)[0]!;
}

const loadPicture: VideoFormat = { width: 640, height: 360, format: 'I420' };
