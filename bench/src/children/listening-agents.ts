import { type AudioFrame, graph } from '@sluice/core';
import { level, pace, rechunk } from '@sluice/nodes';
import { CallClient, Daily, fromParticipantAudio, type MediaHostMode, toMicrophone } from '@sluice/transport';
import { map } from 'rxjs';
import { serve } from './serve.ts';
import { standInModel } from './stand-in-model.ts';
import { TickWatch } from './tick-watch.ts';

const sampleRate = 48_000;
const ticks = new TickWatch();

serve({
  init: (mediaHost: MediaHostMode) => Daily.init({ mediaHost }),

  /** One agent for each room, in which somebody is already. */
  async join(urls: readonly string[]): Promise<void> {
    await Promise.all(urls.map((url, index) => join(url, `agent-${index}`)));
  },

  start: () => ticks.start(),
  seen: () => ticks.seen,
});

async function join(url: string, deviceId: string): Promise<void> {
  const microphone = Daily.createMicrophoneDevice(deviceId, { sampleRate });
  const client = new CallClient();
  const inputs = { camera: false as const, microphone: { isEnabled: true, settings: { deviceId } } };
  await client.join(url, { clientSettings: { inputs } });
  const { local: _, ...others } = client.participants();
  const [person] = Object.values(others);
  if (person === undefined) throw new Error('there is nobody in the room');
  const agent = graph(deviceId);
  agent
    .from(fromParticipantAudio(client, person.id, { sampleRate, callbackIntervalMs: 10 }))
    .pipe(level())
    .pipe(rechunk({ ms: 20 }))
    .pipe(map(answer))
    .pipe(pace())
    .to(toMicrophone(microphone));
  await agent.start();
}

function answer(frame: AudioFrame): AudioFrame {
  const said = frame.derive({ samples: standInModel(frame.samples) });
  frame.close();
  return said;
}
