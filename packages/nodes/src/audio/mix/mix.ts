import { type AudioFrame, checkKeys, invalidArgument, pushSource, type Source, withContext } from '@sluice/core';
import type { Observable } from 'rxjs';
import { Mixer, type MixerOptions } from './mixer.ts';
import { MixerCore, mixerCoreKeys } from './mixer-core.ts';
import { type MixerInputOptions, mixerInputKeys } from './mixer-input-options.ts';

/** An input: a stream of frames, or one with options. */
export type MixInput =
  | Observable<AudioFrame>
  | (MixerInputOptions & {
      /** What is mixed in; read once the mix is. */
      readonly source: Observable<AudioFrame>;
    });

/** What {@link mix} mixes, and how: the streams, beside the options of a mixer. */
export interface MixOptions extends MixerOptions {
  /** Streams, or streams by the name that ducking and messages use. */
  readonly inputs: readonly MixInput[] | Readonly<Record<string, MixInput>>;
}

/**
 * Adds streams of audio up into one.
 *
 * Inputs may have any format; they are converted. Each has a gain (`{ type: 'set-gain', input, db, rampMs? }` moves it)
 * and may be ducked under others. The sum is kept within full scale by a limiter that leaves everything else untouched.
 * Two modes say who sets the pace:
 *
 * - `timing: 'clock'` (default), for anything live: a block leaves every `frameMs` on an absolute schedule that begins
 *   with the first frame of any input. An input that is late contributes silence, without a click, and its media is kept
 *   and played later (or trimmed, see `late`); it never stalls the others. Latency: one block.
 * - `timing: 'inputs'`, for rendering files: a block leaves when every input that has not ended has one, as fast as the
 *   receiver takes them. Gaps become silence of their length, which takes no room. A late input holds the mix up.
 *   Latency: none.
 *
 * What waits is bounded for each input: a source that can be asked is held back, of another the oldest is dropped and
 * counted (`inputs`: silence stands for it). Timestamps count the samples of the mix from 0. An interruption drops what waits, with its fade; without
 * one (`fadeMs: 0`) nothing of it is left, not even what joins it to silence. The
 * mix ends when all inputs have ended, their tails included. For inputs that come and go, use `Mixer`.
 *
 * @example
 * ```ts
 * mix({
 *   sampleRate: 48000,
 *   inputs: {
 *     speech: fromWavFile('speech.wav'),
 *     music: { source: fromWavFile('music.wav'), gainDb: -6, duck: { under: 'speech', db: -14 } },
 *   },
 * }).subscribe(toMicrophone(mic));
 * ```
 * @throws TypeError, RangeError at once for options of the wrong kind or range
 * @see switchTo
 */
export function mix(options: MixOptions): Source<AudioFrame> {
  checkKeys<MixOptions>('mix', options, { ...mixerCoreKeys, inputs: true, onInputError: true });
  const { inputs: given, ...settings } = options;
  const inputs = inputList(given);
  const probe = new MixerCore(settings);
  for (const input of inputs) probe.add(input.id, input.settings);
  probe.close();
  const format = { kind: 'audio', ...probe.format } as const;
  return pushSource({ name: 'mix', format, live: probe.timing === 'clock' }, (destination, context) => {
    const mixer = new Mixer(settings);
    for (const input of inputs) mixer.add(input.source, { ...input.settings, id: input.id });
    mixer.end();
    const subscription = withContext(context, () => mixer.output.subscribe(destination));
    return () => subscription.unsubscribe();
  });
}

interface NamedInput {
  readonly id: string;
  readonly source: Observable<AudioFrame>;
  readonly settings: MixerInputOptions;
}

function inputList(inputs: MixOptions['inputs']): readonly NamedInput[] {
  if (typeof inputs !== 'object' || inputs === null) throw invalidArgument('mix.inputs', 'streams of frames', inputs);
  return Object.entries(inputs).map(([id, input]: [string, MixInput]) => {
    if (isStream(input)) return { id, source: input, settings: {} };
    const { source, ...settings } = input ?? {};
    if (!isStream(source))
      throw invalidArgument(`mix.inputs.${id}`, 'an Observable of frames, or an object with one as source', input);
    checkKeys<MixerInputOptions>(`mix.inputs.${id}`, settings, mixerInputKeys);
    return { id, source, settings };
  });
}

function isStream(value: unknown): value is Observable<AudioFrame> {
  return typeof (value as Observable<AudioFrame> | null | undefined)?.subscribe === 'function';
}
