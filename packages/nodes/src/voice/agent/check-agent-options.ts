import { checkKeys, invalidArgument } from '@sluice/core';
import { checkBoolean, checkMs } from '../../options/check-option.ts';
import { checkAttention } from '../people/attention.ts';
import type { AgentBounds, AgentFiller, VoiceAgentOptions } from './agent-options.ts';

/** See `AgentBounds`. */
export const defaultBounds: AgentBounds = {
  thinkingMs: 8_000,
  speakingMs: 20_000,
  idleMs: Number.POSITIVE_INFINITY,
  mutedMs: 60_000,
  aloneMs: 60_000,
  toolMs: 5_000,
};

/** Refuses options that are none, of the wrong kind or out of range. */
export function checkAgentOptions(options: VoiceAgentOptions): void {
  checkKeys<VoiceAgentOptions>('voiceAgent', options, {
    hears: true,
    speaks: true,
    through: true,
    detector: true,
    recognizer: true,
    model: true,
    synthesizer: true,
    fallbacks: true,
    vad: true,
    turns: true,
    eager: true,
    yieldMs: true,
    doubtMs: true,
    echoGuard: true,
    system: true,
    filler: true,
    tools: true,
    apology: true,
    notUnderstood: true,
    locale: true,
    bounds: true,
    addressing: true,
    agents: true,
    interruptions: true,
    onIdle: true,
    onEvent: true,
  });
  checkAttention('voiceAgent', options);
  const { bounds = {}, doubtMs, eager, yieldMs, filler, speaks, echoGuard = false } = options;
  checkKeys<AgentBounds>('voiceAgent.bounds', bounds, {
    thinkingMs: true,
    speakingMs: true,
    idleMs: true,
    mutedMs: true,
    aloneMs: true,
    toolMs: true,
  });
  for (const [key, ms] of Object.entries(bounds)) checkMs(`voiceAgent.bounds.${key}`, ms, Number.POSITIVE_INFINITY);
  if (filler !== undefined) {
    checkKeys<AgentFiller>('voiceAgent.filler', filler, { text: true, afterMs: true });
    checkMs('voiceAgent.filler.afterMs', filler.afterMs);
  }
  if (typeof echoGuard !== 'boolean') {
    checkKeys<{ learnMs?: number }>('voiceAgent.echoGuard', echoGuard, { learnMs: true });
    if (echoGuard.learnMs !== undefined) checkMs('voiceAgent.echoGuard.learnMs', echoGuard.learnMs, 60_000);
  }
  if (eager !== undefined) checkBoolean('voiceAgent.eager', eager);
  if (doubtMs !== undefined) checkMs('voiceAgent.doubtMs', doubtMs);
  if (yieldMs !== undefined) checkMs('voiceAgent.yieldMs', yieldMs);
  if (typeof speaks?.utterance !== 'function')
    throw invalidArgument(
      'voiceAgent.speaks',
      'a sink that tells what was heard, toMicrophone(mic) for example',
      speaks,
    );
}
