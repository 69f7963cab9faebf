// The agent of voice-agent, with a face in its camera.
import { graph } from '@sluice/core';
import { type AgentEvent, backChannels, silence, type VoiceAgent, voiceAgent } from '@sluice/nodes';
import { flite } from '@sluice/plugin-flite';
import { soundswallower } from '@sluice/plugin-soundswallower';
import { fvad } from '@sluice/plugin-vad-fvad';
import { CallClient, Daily, fromCall, toMicrophone } from '@sluice/transport';
import { notUnderstood, sentences } from '../voice-agent/answers.ts';
import { mind } from '../voice-agent/mind.ts';
import { drawFace, face } from './face.ts';
import { Mouth } from './mouth.ts';

/** Between two pictures, in milliseconds. */
const PICTURE_MS = 1_000 / 30;

export interface Avatar {
  readonly agent: VoiceAgent;
  readonly participantId: string;
  close(): Promise<void>;
}

/** Lets it into a room. */
export async function startAvatar(url: string, onEvent: (event: AgentEvent) => void): Promise<Avatar> {
  const microphone = Daily.createMicrophoneDevice('avatar-voice', { sampleRate: 16_000, channels: 1 });
  const camera = Daily.createCameraDevice('avatar-face', { ...face, colorFormat: 'RGB' });
  const client = new CallClient();
  client.setUserName('Avatar');
  const bot = graph('avatar');
  const speaks = toMicrophone(microphone);
  const mouth = new Mouth(speaks);
  const agent = voiceAgent(bot, {
    hears: bot.from(fromCall(client, { sampleRate: 16_000, frameMs: 10 })),
    speaks,
    through: (_, voice) => {
      voice.to(mouth.listens());
      return voice;
    },
    detector: fvad(),
    vad: { gate: true },
    recognizer: soundswallower({ sentences }),
    model: mind(),
    synthesizer: flite({ voice: 'rms' }),
    turns: [silence({ ms: 400 }), backChannels()],
    notUnderstood,
    onEvent,
  });
  const others = () => agent.setCompany(client.participantCounts().present > 1);
  client.on('participant-joined', others);
  client.on('participant-left', others);

  let next = bot.clock.now();
  const draw = () => {
    camera.writeFrame(drawFace(mouth.opening()));
    next = Math.max(next + PICTURE_MS, bot.clock.now());
    stopDrawing = bot.clock.at(next, draw);
  };
  let stopDrawing = bot.clock.at(next, draw);

  await agent.prefetch();
  await bot.start();
  const inputs = {
    microphone: { isEnabled: true, settings: { deviceId: 'avatar-voice' } },
    camera: { isEnabled: true, settings: { deviceId: 'avatar-face' } },
  } as const;
  await client.join(url, { clientSettings: { inputs } });
  return {
    agent,
    participantId: client.participants().local.id,
    close: async () => {
      await agent.interrupt();
      agent.end();
      await bot.stop();
      stopDrawing();
      await client.release();
    },
  };
}
