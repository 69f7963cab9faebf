import { type AudioFrame, checkKeys, invalidArgument, type Source } from '@sluice/core';
import { isAgent } from '../call/agent-mark.ts';
import type { CallClient } from '../call/call-client.ts';
import type { Participant } from '../call/participants.ts';
import { type AudioRendererOptions, rendererFormat } from '../call/receive/audio-renderer.ts';
import { fromParticipantAudio } from './from-participant-audio.ts';

/** Who wants to hear each participant apart: an agent made with `voiceAgent`, for example. */
export interface SpeakerHost {
  /** Hears somebody from now on. `id` is that of the participant; `hears` ends when they leave. */
  addSpeaker(speaker: {
    readonly id: string;
    readonly name: string;
    readonly hears: Source<AudioFrame>;
    readonly agent: boolean;
  }): Promise<void>;
  /** Resolves for one who is not there as well. */
  removeSpeaker(id: string): Promise<void>;
  /** Their name has changed, or it turned out whether they are an agent. */
  updateSpeaker(id: string, who: { readonly name: string; readonly agent: boolean }): void;
}

/** Format in which speakers are heard, and who is told of problems. */
export interface FollowSpeakersOptions extends AudioRendererOptions {
  /** Told what the host rejects or throws. Default: the host tells of it in its own way. */
  readonly onProblem?: (error: unknown) => void;
}

/** Speakers that are followed: see {@link followSpeakers}. */
export interface SpeakerFollowing {
  /** Follows nobody any more, and removes who was added. */
  close(): Promise<void>;
}

/**
 * Lets an agent hear everybody who is in a call, each apart: who is there, who joins, who leaves, and what they are called.
 * Who says of itself that it is an agent (`agentUserData`) is added as one. Goes on over a leave and a rejoin of the client.
 *
 * @example
 * ```ts
 * const agent = voiceAgent(bot, { ...models, speaks: toMicrophone(mic) });
 * followSpeakers(client, agent);
 * await client.join(url, { userName: 'Ada', userData: agentUserData() });
 * ```
 * @throws TypeError, RangeError at once for options that do not exist or are out of range
 * @see fromParticipantAudio, which is what each is heard by
 */
export function followSpeakers(
  client: CallClient,
  host: SpeakerHost,
  options: FollowSpeakersOptions = {},
): SpeakerFollowing {
  checkKeys<FollowSpeakersOptions>('followSpeakers', options, {
    sampleRate: true,
    callbackIntervalMs: true,
    audioSource: true,
    onProblem: true,
  });
  const { onProblem = () => {}, ...format } = options;
  if (typeof onProblem !== 'function') throw invalidArgument('followSpeakers.onProblem', 'a function', onProblem);
  rendererFormat(format);
  const followed = new Map<string, string>();
  const whoIs = (one: Participant) => ({ name: one.info.userName, agent: isAgent(one) });
  const join = (one: Participant) => {
    const { id } = one;
    if (one.info.isLocal || followed.has(id)) return;
    followed.set(id, JSON.stringify(whoIs(one)));
    const hears = fromParticipantAudio(client, id, format);
    host.addSpeaker({ id, ...whoIs(one), hears }).catch(onProblem);
  };
  const update = (one: Participant) => {
    const who = JSON.stringify(whoIs(one));
    if (!followed.has(one.id) || followed.get(one.id) === who) return;
    followed.set(one.id, who);
    try {
      host.updateSpeaker(one.id, whoIs(one));
    } catch (error) {
      onProblem(error);
    }
  };
  const leave = async (id: string) => {
    if (followed.delete(id)) await host.removeSpeaker(id).catch(onProblem);
  };
  const cancels = [
    client.on('participant-joined', ({ participant }) => join(participant)),
    client.on('participant-updated', ({ participant }) => update(participant)),
    client.on('participant-left', ({ participant }) => void leave(participant.id)),
    client.on('call-state-updated', ({ state }) => {
      if (state === 'left') for (const id of followed.keys()) void leave(id);
    }),
  ];
  for (const one of Object.values(client.participants())) join(one);
  return {
    close: async () => {
      for (const cancel of cancels) cancel();
      await Promise.all([...followed.keys()].map(leave));
    },
  };
}
