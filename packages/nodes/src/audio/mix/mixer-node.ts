import { type AudioFrame, audioPort, checkKeys, defineNode } from '@sluice/core';
import { JoinNode } from '../../flow/join-node.ts';
import { Mixer, type MixerOptions } from './mixer.ts';
import { mixerControls } from './mixer-controls.ts';
import { mixerCoreKeys } from './mixer-core.ts';
import type { MixerInput } from './mixer-input.ts';
import { type MixerInputOptions, mixerInputKeys } from './mixer-input-options.ts';

/** Options of a mixer node; those of each input are given to `node.input(name, options)`. */
export type MixerNodeOptions = Omit<MixerOptions, 'onInputError'>;

const mixerNode = defineNode({
  name: 'mixer',
  inputs: {},
  outputs: { out: audioPort() },
  dynamicInputs: audioPort(),
  controls: mixerControls,
  checkInput: (name, options) => checkKeys<MixerInputOptions>(`mixer input ${name}`, options, mixerInputKeys),
  produces: (_inputs, { sampleRate = 48_000, channels = 1 }: MixerNodeOptions) => ({
    out: { kind: 'audio', sampleRate, channels },
  }),
  create: (options, context) => new JoinNode<AudioFrame, MixerInput>(new Mixer(options), context),
});

/**
 * `mix` as a node of a graph, with an input port for each voice: `node.input('music', { gainDb: -6 })`. Ports may be
 * added and taken away while the graph runs. Messages: `{ type: 'set-gain', input, db, rampMs? }`. Latency: one block
 * (`timing: 'clock'`), none (`timing: 'inputs'`). See `mix` for what happens to late media, gaps and interruptions.
 *
 * @example
 * ```ts
 * const desk = bot.add(mixer({ sampleRate: 48000 }));
 * bot.from(fromWavFile('speech.wav')).to(desk.input('speech'));
 * bot.from(fromWavFile('music.wav')).to(desk.input('music', { duck: { under: 'speech', db: -14 } }));
 * desk.out.out.to(toMicrophone(mic));
 * ```
 * @throws TypeError at once, here and in `input`, for unknown options; RangeError for values out of range
 */
export function mixer(options: MixerNodeOptions = {}): ReturnType<typeof mixerNode> {
  checkKeys<MixerNodeOptions>('mixer', options, mixerCoreKeys);
  return mixerNode(options);
}
