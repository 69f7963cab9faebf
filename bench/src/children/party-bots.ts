import { readTestPattern } from '@sluice/nodes';
import { CallClient, CustomAudioSource, CustomAudioTrack, Daily, type Participant } from '@sluice/transport';
import { SkewMeter } from '@sluice/transport/testing';
import { serve } from './serve.ts';
import { speakSlices } from './speak-slices.ts';
import { toneSlices } from './tone-slices.ts';

const slices = toneSlices(440, 10);
const meter = new SkewMeter();
let heard = 0;
let seen = 0;

serve({
  /** So many bots that speak, hear all others and look at every camera; the first measures lips. */
  async join(url: string, count: number): Promise<void> {
    Daily.init();
    const sources: CustomAudioSource[] = [];
    for (let index = 0; index < count; index++) {
      const source = new CustomAudioSource(48_000, 1);
      sources.push(source);
      await enter(url, source, index === 0);
    }
    speakSlices([{ write: (samples) => sources.forEach((source) => void source.write(samples)) }], slices);
  },

  received: () => ({ heardMs: heard, seen }),
  skews: (fromS: number, toS: number) => meter.report(fromS, toS),
});

async function enter(url: string, source: CustomAudioSource, measures: boolean): Promise<void> {
  const client = new CallClient();
  let measured = false;
  const attend = ({ participant: { id, media } }: { readonly participant: Participant }) => {
    const shows = media.camera.state !== 'off';
    if (measures && shows && !measured) {
      measured = true;
      return meter.watch(client, id, readTestPattern);
    }
    client.setAudioRenderer(id, (_, frame) => {
      heard += frame.duration / 1000;
      frame.close();
    });
    if (shows)
      client.setVideoRenderer(
        id,
        (_, frame) => {
          seen++;
          frame.close();
        },
        { colorFormat: 'I420' },
      );
  };
  client.on('participant-joined', attend);
  const microphone = { isEnabled: true, settings: { customTrack: { id: new CustomAudioTrack(source).id } } };
  await client.join(url, { clientSettings: { inputs: { microphone } } });
}
