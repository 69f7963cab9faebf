// The agent: ears, a mind and a voice between a call's speaker and its microphone.
import { type AudioFrame, type Clock, type Flow, type GraphScope, graph, type NodeRef, type Sink } from '@sluice/core';
import {
  type AgentEvent,
  backChannels,
  fromWavFile,
  mixer,
  resample,
  silence,
  type VoiceAgent,
  valve,
  voiceAgent,
} from '@sluice/nodes';
import { flite } from '@sluice/plugin-flite';
import { fvad } from '@sluice/plugin-vad-fvad';
import { CallClient, Daily, fromCall, type PlayoutSink, toMicrophone } from '@sluice/transport';
import { asset } from '../room.ts';
import { notUnderstood } from './answers.ts';
import { chooseEars } from './ears.ts';
import { LiveWords } from './live-words.ts';
import { mind } from './mind.ts';
import { inWords } from './numbers.ts';

export interface RunningAgent {
  readonly agent: VoiceAgent;
  readonly client: CallClient;
  close(): Promise<void>;
}

export interface AgentObserver {
  readonly onEvent?: (event: AgentEvent) => void;
  /** A sink that gets the voice as well. */
  readonly watch?: (speaks: PlayoutSink, clock: Clock) => Sink<AudioFrame, unknown>;
}

/** Lets the agent into a room. */
export async function startAgent(
  url: string,
  { grammar, observer }: { readonly grammar: boolean; readonly observer: AgentObserver },
): Promise<RunningAgent> {
  const recognizer = await chooseEars(grammar);
  const microphone = Daily.createMicrophoneDevice('agent-voice', { sampleRate: 16_000, channels: 1 });
  const client = new CallClient();
  client.setUserName('Agent');
  const bot = graph('agent');
  // Captions of a page: what it says, as it is heard.
  const live = new LiveWords({
    clock: bot.clock,
    tell: (text, isFinal) => void client.sendAppMessage({ type: 'caption', text, isFinal }).catch(() => {}),
  });
  const speaks = live.heardBy(toMicrophone(microphone));
  let music: NodeRef | undefined;
  const agent = voiceAgent(bot, {
    hears: bot.from(fromCall(client, { sampleRate: 16_000, frameMs: 10 })),
    speaks,
    through: (scope, voice) => {
      const watch = observer.watch;
      if (watch !== undefined) voice.to(watch(speaks, bot.clock));
      const under = underMusic(scope, voice);
      music = under.music;
      return under.out;
    },
    detector: fvad(),
    vad: { gate: true },
    recognizer,
    model: mind(),
    synthesizer: live.of(flite({ voice: 'rms' })),
    turns: [silence({ ms: 400 }), backChannels()],
    tools: {
      'set-timer': {
        description: 'Says when so many seconds are over.',
        run: ({ seconds }) => {
          const text = `Excuse me. Your ${inWords(Number(seconds))} seconds are over.`;
          bot.clock.at(bot.clock.now() + Number(seconds) * 1_000, () => void agent.say(text, { polite: true }));
          return 'set';
        },
      },
      music: {
        description: 'Plays music or stops it.',
        run: async ({ on }) => {
          await music?.send({ type: 'set-valve', open: on === true });
          return 'done';
        },
      },
    },
    notUnderstood,
    onEvent: (event) => {
      live.onEvent(event);
      observer.onEvent?.(event);
    },
  });
  const others = () => agent.setCompany(client.participantCounts().present > 1);
  client.on('participant-joined', others);
  client.on('participant-left', others);
  await agent.prefetch();
  await bot.start();
  const devices = { camera: false, microphone: { isEnabled: true, settings: { deviceId: 'agent-voice' } } } as const;
  await client.join(url, { clientSettings: { inputs: devices } });
  return {
    agent,
    client,
    close: async () => {
      // What it is saying would be said to its end first.
      await agent.interrupt();
      agent.end();
      await bot.stop();
      await client.release();
    },
  };
}

/** The voice with music under it, which is silent until somebody asks for it. */
function underMusic(scope: GraphScope, voice: Flow<AudioFrame>): { out: Flow<AudioFrame>; music: NodeRef } {
  const desk = scope.add(mixer({ sampleRate: 16_000 }), { name: 'desk' });
  const tune = scope
    .from(fromWavFile(asset('music.wav'), { loop: true }), { name: 'music' })
    .pipe(resample({ sampleRate: 16_000 }), valve({ open: false, whenClosed: 'silence' }));
  voice.to(desk.input('voice'));
  tune.to(desk.input('music', { gainDb: -12, duck: { under: 'voice', db: -12 } }));
  return { out: desk.out.out, music: tune.node };
}
