import { type AudioFrame, checkKeys, type Flow, invalidArgument, type Source } from '@sluice/core';
import { isVoiceModel, type Recognizer, type VoiceDetector } from '@sluice/core/voice';
import { checkBoolean } from '../../options/check-option.ts';
import type { TurnStrategy } from '../turns/turn-strategy.ts';
import { AGENT_VOICE } from './speaker.ts';

/** Somebody whom an agent is to hear. */
export interface SpeakerOptions {
  /** Letters, digits, `.`, `-` and `_`: the id of a participant, for example. Not `agent`. */
  readonly id: string;
  /** How they are called; what a language model is told. Default: the id. */
  readonly name?: string;
  /** Their sound alone: `fromParticipantAudio(client, id)`, or a flow of the same graph. */
  readonly hears: Source<AudioFrame> | Flow<AudioFrame>;
  /** Another agent. Default false. */
  readonly agent?: boolean;
  /** Default: the agent's. */
  readonly recognizer?: Recognizer;
  /** Default: the agent's. */
  readonly detector?: VoiceDetector;
  /** Default: the agent's. */
  readonly turns?: readonly TurnStrategy[];
}

/** Refuses options that are none or of the wrong kind. */
export function checkSpeaker(options: SpeakerOptions): void {
  const name = 'addSpeaker';
  checkKeys<SpeakerOptions>(name, options, {
    id: true,
    name: true,
    hears: true,
    agent: true,
    recognizer: true,
    detector: true,
    turns: true,
  });
  const { id, hears, agent, recognizer, detector, turns } = options;
  if (typeof id !== 'string' || !/^\w[\w.-]{0,127}$/.test(id) || id === AGENT_VOICE)
    throw invalidArgument(`${name}.id`, "1 to 128 letters, digits, '.', '-', '_', and not 'agent'", id);
  if (options.name !== undefined && typeof options.name !== 'string')
    throw invalidArgument(`${name}.name`, 'a text', options.name);
  if (!isSource(hears) && typeof hears?.to !== 'function')
    throw invalidArgument(`${name}.hears`, 'a source of audio, or a flow of the graph', hears);
  if (agent !== undefined) checkBoolean(`${name}.agent`, agent);
  if (recognizer !== undefined && !isVoiceModel(recognizer, 'recognizer'))
    throw invalidArgument(`${name}.recognizer`, 'a Recognizer', recognizer);
  if (detector !== undefined && !isVoiceModel(detector, 'voice-detector'))
    throw invalidArgument(`${name}.detector`, 'a VoiceDetector', detector);
  if (turns !== undefined && !Array.isArray(turns))
    throw invalidArgument(`${name}.turns`, 'a list of turn strategies', turns);
}

/** Whether sound comes as a source, which is added with the speaker and goes with them. */
export function isSource(hears: SpeakerOptions['hears']): hears is Source<AudioFrame> {
  return typeof (hears as Partial<Source<AudioFrame>>)?.subscribe === 'function';
}
