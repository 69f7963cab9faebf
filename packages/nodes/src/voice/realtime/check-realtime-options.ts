import { checkKeys, invalidArgument } from '@sluice/core';
import { isVoiceModel } from '@sluice/core/voice';
import { checkMs } from '../../options/check-option.ts';
import { defaultBounds } from '../agent/check-agent-options.ts';
import type { RealtimeAgentOptions, RealtimeBounds } from './realtime-options.ts';

/** See `RealtimeBounds`. */
export const defaultRealtimeBounds: RealtimeBounds = { ...defaultBounds, reopenMs: 30_000, transcriptMs: 5_000 };

/** Refuses options that are none, of the wrong kind or out of range. */
export function checkRealtimeOptions(options: RealtimeAgentOptions): void {
  checkKeys<RealtimeAgentOptions>('realtimeAgent', options, {
    hears: true,
    speaks: true,
    through: true,
    model: true,
    settings: true,
    secrets: true,
    detector: true,
    vad: true,
    turns: true,
    doubtMs: true,
    system: true,
    tools: true,
    apology: true,
    leadMs: true,
    mostWaitingMs: true,
    bounds: true,
    onIdle: true,
    onEvent: true,
  });
  const { bounds = {}, doubtMs, leadMs, mostWaitingMs, speaks, model, detector } = options;
  checkKeys<RealtimeBounds>('realtimeAgent.bounds', bounds, defaultRealtimeBounds as never);
  for (const [key, ms] of Object.entries(bounds)) checkMs(`realtimeAgent.bounds.${key}`, ms, Number.POSITIVE_INFINITY);
  for (const [key, ms] of Object.entries({ doubtMs, leadMs, mostWaitingMs }))
    if (ms !== undefined) checkMs(`realtimeAgent.${key}`, ms);
  if (!isVoiceModel(model, 'speech-model')) throw invalidArgument('realtimeAgent.model', 'a SpeechModel', model);
  if (detector === undefined ? !model.detectsTurns : !isVoiceModel(detector, 'voice-detector'))
    throw invalidArgument(
      'realtimeAgent.detector',
      `a VoiceDetector, as ${model.name} does not detect turns`,
      detector,
    );
  if (typeof speaks?.utterance !== 'function')
    throw invalidArgument(
      'realtimeAgent.speaks',
      'a sink that tells what was heard, toMicrophone(mic) for example',
      speaks,
    );
}
