import { rawCall } from '@sluice/transport/testing';
import { firstSound } from './first-sound.ts';
import { serve } from './serve.ts';
import { speakSlices } from './speak-slices.ts';
import { toneSlices } from './tone-slices.ts';

const slices = toneSlices(440, 10);

serve({
  /** Milliseconds until one peer hears the other: nothing lies between them but function calls. */
  async join(): Promise<number> {
    const sound = firstSound();
    const start = performance.now();
    const call = await rawCall();
    call.onAudio(({ samples }) => sound.look(samples));
    const stop = speakSlices([call], slices);
    const heard = (await sound.at) - start;
    stop();
    call.close();
    return heard;
  },
});
