// What every operator and node has to hold, as a list of checks for any runner. Nothing that one operator alone
// needs.

import type { OperatorFunction } from 'rxjs';
import { checkKeys } from '../../check-keys.ts';
import { invalidArgument, toError } from '../../errors.ts';
import type { AudioFormat } from '../../media/audio-format.ts';
import type { AudioFrame } from '../../media/audio-frame.ts';
import type { VideoFormat } from '../../media/video-format.ts';
import type { VideoFrame } from '../../media/video-frame.ts';
import type { NodeBlueprint } from '../../node/define-node.ts';
import { type VoiceKind, type VoiceModels, voiceKinds } from '../../voice/index.ts';
import { type AudioProfile, audioChecks, audioFormats } from './audio-checks.ts';
import type { Check } from './check.ts';
import { nodeChecks } from './node-checks.ts';
import type { NodeProfile } from './node-profile.ts';
import { type VideoProfile, videoChecks, videoFormats } from './video-checks.ts';
import { voiceChecks } from './voice/voice-checks.ts';
import type { VoiceProfile } from './voice/voice-profile.ts';

/** What is tried, by kind: an operator over audio or over pictures, a node made with `defineNode`, a model. */
export interface Conforming {
  /** An operator over sound, in frames of `format` as `profile` describes it. */
  readonly audio: {
    readonly make: () => OperatorFunction<AudioFrame, AudioFrame>;
    readonly profile: AudioProfile;
    readonly format: AudioFormat;
  };
  /** An operator over pictures. */
  readonly video: {
    readonly make: () => OperatorFunction<VideoFrame, VideoFrame>;
    readonly profile: VideoProfile;
    readonly format: VideoFormat;
  };
  /** A node made with `defineNode`, fed with sound or pictures by its profile. */
  readonly node: {
    readonly make: () => NodeBlueprint;
    readonly profile: NodeProfile;
    readonly format: AudioFormat | VideoFormat;
  };
  /** What hears words. */
  readonly recognizer: ConformingModel<'recognizer'>;
  /** What speaks. */
  readonly synthesizer: ConformingModel<'synthesizer'>;
  /** What answers texts. */
  readonly 'language-model': ConformingModel<'language-model'>;
  /** What hears and speaks by itself. */
  readonly 'speech-model': ConformingModel<'speech-model'>;
  /** What tells speech from everything else. */
  readonly 'voice-detector': ConformingModel<'voice-detector'>;
  /** What judges whether somebody has said all they wanted to. */
  readonly 'turn-detector': ConformingModel<'turn-detector'>;
}

/** A model made with `defineVoiceModel`. */
interface ConformingModel<K extends VoiceKind> {
  readonly make: () => VoiceModels<object>[K];
  readonly profile: VoiceProfile;
  readonly format: AudioFormat;
}

/** What may be checked by {@link conform}. */
export type ConformKind = keyof Conforming;

/** What a node is, and what it does where that is not the plain thing: see {@link conform}. */
export interface ConformOptions<K extends ConformKind = ConformKind> {
  /** What is to be checked, which decides on the checks: a source, a sink, an operator, a node or one of the models. */
  readonly kind: K;
  /** What it does where that is not the plain thing; what is left out is checked. */
  readonly profile?: Conforming[K]['profile'];
  /**
   * What it is fed with: first, and after a change in mid-stream. Default mono 16 kHz and stereo 48 kHz; 48x32 I420 and
   * 62x46 BGRA. A node gets what its ports ask for.
   */
  readonly formats?: readonly [Conforming[K]['format'], Conforming[K]['format']];
  /** Of what the samples and pixels are made. Default 1. */
  readonly seed?: number;
  /** Checks that it is known not to pass, each with the reason: they are shown as skipped. */
  readonly except?: Readonly<Record<string, string>>;
}

/** What one check of {@link conform} found. */
export interface CheckResult {
  /** The check's, as a sentence that holds or not. */
  readonly name: string;
  /** Whether it holds. False for one that was not run. */
  readonly passed: boolean;
  /** Why it was not run. */
  readonly skipped?: string;
  /** What was found, where it failed. */
  readonly message?: string;
}

/** What {@link conform} found, check by check. */
export interface Conformance {
  /** Whether every check that was run has passed. */
  readonly passed: boolean;
  /** All of them, in the order of {@link conformanceChecks}; those that do not apply are there as skipped. */
  readonly checks: readonly CheckResult[];
}

/** A runner's `test(name, body)`: of Vitest, Jest, Mocha or `node:test`. */
export interface TestFunction {
  (name: string, body: () => Promise<void>): unknown;
  /** Leaves a test out and says so, where the runner can. Without it, what does not apply is not told. */
  readonly skip?: (name: string, body: () => Promise<void>) => unknown;
}

/**
 * The checks for a kind of operator or node, in the order in which they are run.
 *
 * @throws TypeError for unknown options, an unknown kind, and exceptions that name no check
 */
export function conformanceChecks<K extends ConformKind>(
  options: ConformOptions<K>,
): readonly Check<Conforming[K]['make']>[] {
  checkKeys<ConformOptions>('conform', options, { kind: true, profile: true, formats: true, seed: true, except: true });
  const { except = {} } = options;
  // The kind decides all types; TypeScript does not follow it through the switch.
  const list = listOf(options as ConformOptions) as unknown as readonly Check<Conforming[K]['make']>[];
  for (const name of Object.keys(except))
    if (!list.some((one) => one.name === name)) throw invalidArgument('conform.except', 'names of checks', name);
  return list.map((one) => (Object.hasOwn(except, one.name) ? { ...one, applies: except[one.name]! } : one));
}

function listOf({ kind, profile = {}, formats, seed = 1 }: ConformOptions) {
  if (!Number.isSafeInteger(seed) || seed < 0) throw invalidArgument('conform.seed', 'an integer from 0', seed);
  switch (kind) {
    case 'audio':
      return audioChecks(profile as AudioProfile, (formats as typeof audioFormats) ?? audioFormats, seed);
    case 'video':
      return videoChecks(profile as VideoProfile, (formats as typeof videoFormats) ?? videoFormats, seed);
    case 'node':
      return nodeChecks(profile as NodeProfile, seed);
    default:
      if (voiceKinds.includes(kind)) return voiceChecks(kind, profile as VoiceProfile);
      throw invalidArgument('conform.kind', `audio, video or node, ${voiceKinds.join(', ')}`, kind);
  }
}

/**
 * Hands each check to a test runner as a test of its own. What does not apply is skipped with its reason.
 *
 * @example
 * import { test } from 'node:test';
 * import { checklist } from '@sluice/core/testing';
 * import { gain } from '@sluice/nodes';
 * checklist(test, () => gain({ db: -6 }), { kind: 'audio' });
 */
export function checklist<K extends ConformKind>(
  test: TestFunction,
  make: Conforming[K]['make'],
  options: ConformOptions<K>,
): void {
  for (const { name, applies, run } of conformanceChecks(options)) {
    const body = () => run(make);
    if (applies === true) test(name, body);
    else test.skip?.(`${name} (${applies})`, body);
  }
}

/** Runs all checks, one after the other. A fault of what is tried is a result, never a rejection. */
export async function conform<K extends ConformKind>(
  make: Conforming[K]['make'],
  options: ConformOptions<K>,
): Promise<Conformance> {
  const checks: CheckResult[] = [];
  for (const { name, applies, run } of conformanceChecks(options)) {
    if (applies !== true) checks.push({ name, passed: false, skipped: applies });
    else
      await run(make).then(
        () => checks.push({ name, passed: true }),
        (error: unknown) => checks.push({ name, passed: false, message: toError(error).message }),
      );
  }
  return { passed: checks.every(({ passed, skipped }) => passed || skipped !== undefined), checks };
}
