import { CallClient, CustomAudioSource, CustomAudioTrack } from '@sluice/transport';
import { type ImpairedPath, impair, impairCandidates, rawCall, UdpRelay } from '@sluice/transport/testing';
import { speakSlices } from '../children/speak-slices.ts';
import { toneSlices } from '../children/tone-slices.ts';

const SOUND = 1_500;
const slices = toneSlices(440, 10);

/** A call in one direction whose link can be cut. */
export interface CutLine {
  readonly path: Pick<ImpairedPath, 'cut'>;
  /** Milliseconds from `start`, on `performance.now()`, until sound is heard; at most `limitMs`. */
  soundAfter(start: number, limitMs: number): Promise<number>;
  close(): Promise<void>;
}

export async function callCutLine(url: string): Promise<CutLine> {
  const [speaker, hearer] = [new CallClient(), new CallClient()];
  const path = await impair(speaker, { seed: 1 });
  const source = new CustomAudioSource(48_000, 1);
  const customTrack = { id: new CustomAudioTrack(source).id };
  const microphone = { isEnabled: true, settings: { customTrack } };
  await speaker.join(url, { clientSettings: { inputs: { microphone } } });
  const ear = new Ear();
  const options = { sampleRate: 48_000, callbackIntervalMs: 10 };
  hearer.setAudioRenderer(speaker.participants().local.id, (_, frame) => ear.look(frame.samples), options);
  await hearer.join(url);
  const stop = speakSlices([{ write: (samples) => void source.write(samples) }], slices);
  const close = async () => {
    stop();
    await Promise.all([speaker.release(), hearer.release()]);
    source.close();
    path.close();
  };
  return { path, soundAfter: (start, limitMs) => ear.soundAfter(start, limitMs), close };
}

export async function rawCutLine(): Promise<CutLine> {
  const relay = await UdpRelay.open({ seed: 1 });
  const call = await rawCall({ mapCandidate: impairCandidates(relay) });
  const ear = new Ear();
  call.onAudio(({ samples }) => ear.look(samples));
  const stop = speakSlices([call], slices);
  const cut = async (ms: number) => {
    relay.impairment.setCut(true);
    await new Promise((resolve) => setTimeout(resolve, ms));
    relay.impairment.setCut(false);
  };
  const close = async () => {
    stop();
    call.close();
    relay.close();
  };
  return { path: { cut }, soundAfter: (start, limitMs) => ear.soundAfter(start, limitMs), close };
}

class Ear {
  #waiting: (() => void) | undefined;

  look(samples: Int16Array): void {
    if (this.#waiting !== undefined && samples.some((sample) => sample > SOUND)) this.#waiting();
  }

  soundAfter(start: number, limitMs: number): Promise<number> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(limitMs), limitMs);
      this.#waiting = () => {
        clearTimeout(timer);
        this.#waiting = undefined;
        resolve(performance.now() - start);
      };
    });
  }
}
