import { expect, it } from 'vitest';
import { Decoder } from './decoder.ts';

/** An engine that hears a letter for each second of sound. */
class OnlineRecognizer {
  constructor(config: object) {
    configs.push(config);
  }
  createStream() {
    let seconds = 0;
    let taken = 0;
    return {
      acceptWaveform: ({ samples }: { samples: Float32Array }) => {
        seconds += samples.length / 16_000;
      },
      inputFinished: () => {},
      waits: () => seconds - taken >= 1,
      take: () => void taken++,
      text: () => ' abc'.slice(0, taken + 1),
    };
  }
  isReady = (stream: Stream) => stream.waits();
  decode = (stream: Stream) => stream.take();
  getResult = (stream: Stream) => ({ text: stream.text() });
}
type Stream = ReturnType<OnlineRecognizer['createStream']>;
const configs: object[] = [];
const made = () => Decoder.create(async () => ({ default: { OnlineRecognizer } }));

it('says so where there is no engine for the machine', async () => {
  const absent = Decoder.create(() => Promise.reject(new Error('Could not find sherpa-onnx-node')));
  await expect(absent).rejects.toThrow(/no engine here/);
});

it('gives the engine its files, tells what changed, and begins each stretch anew', async () => {
  const decoder = await made();
  decoder.use({ model: { zipformer2Ctc: 'm.onnx', tokens: 't.txt' }, threads: 2 });
  decoder.use({ model: { encoder: 'e', decoder: 'd', joiner: 'j', tokens: 't.txt' }, threads: 1 });
  expect(configs).toMatchObject([
    { modelConfig: { zipformer2Ctc: { model: 'm.onnx' }, tokens: 't.txt', numThreads: 2 } },
    { modelConfig: { transducer: { encoder: 'e', decoder: 'd', joiner: 'j' } } },
  ]);
  const told: string[] = [];
  const read = (samples: number) => decoder.read(new Int16Array(samples), ({ text }) => told.push(text));
  for (const samples of [8_000, 8_000, 4_000, 12_000]) read(samples);
  expect(told).toEqual(['a', 'ab']);
  expect(decoder.end()).toEqual({ text: 'ab', words: [] });
  read(8_000);
  // The silence behind it completes the second.
  expect(decoder.end().text).toBe('a');
  read(16_000);
  decoder.drop();
  expect(decoder.end().text).toBe('');
  expect(told).toEqual(['a', 'ab', 'a']);
});
