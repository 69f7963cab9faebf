import type { Heard, RecognizerDecoder } from '@sluice/core/voice';
import type { OnlineRecognizer, OnlineStream } from 'sherpa-onnx-node';
import type { SherpaModel } from './sherpa-recognizer.ts';

const RATE = 16_000;
type Engine = typeof import('sherpa-onnx-node');

/** Streams of one engine, a stretch each. */
export class Decoder implements RecognizerDecoder<{ readonly model: SherpaModel; readonly threads: number }> {
  readonly #engine: Engine;
  #recognizer: OnlineRecognizer | undefined;
  #stream: OnlineStream | undefined;
  #last = '';

  private constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** @param load how the engine is had */
  static async create(load: () => Promise<unknown> = () => import('sherpa-onnx-node')): Promise<Decoder> {
    try {
      const { default: engine } = (await load()) as { readonly default: Engine };
      return new Decoder(engine);
    } catch (cause) {
      throw new Error('sherpa-onnx-node has no engine here. Install it with its optional dependencies', { cause });
    }
  }

  use({ model: { tokens, ...files }, threads }: { readonly model: SherpaModel; readonly threads: number }): void {
    const model = 'encoder' in files ? { transducer: files } : { zipformer2Ctc: { model: files.zipformer2Ctc } };
    this.#recognizer = new this.#engine.OnlineRecognizer({
      featConfig: { sampleRate: RATE, featureDim: 80 },
      modelConfig: { ...model, tokens, numThreads: threads },
      enableEndpoint: false,
    });
  }

  read(samples: Int16Array, tell: (heard: Heard) => void): void {
    const text = this.#decode(Float32Array.from(samples, (sample) => sample / 32_768));
    if (text === this.#last) return;
    this.#last = text;
    tell({ text, words: [] });
  }

  end(): Heard {
    // The last frames of speech stand in a chunk that silence completes.
    this.#decode(new Float32Array(RATE / 2));
    this.#stream!.inputFinished();
    const text = this.#decode(new Float32Array(0));
    this.drop();
    return { text, words: [] };
  }

  drop(): void {
    this.#stream = undefined;
    this.#last = '';
  }

  #decode(samples: Float32Array): string {
    const recognizer = this.#recognizer!;
    this.#stream ??= recognizer.createStream();
    if (samples.length > 0) this.#stream.acceptWaveform({ samples, sampleRate: RATE });
    while (recognizer.isReady(this.#stream)) recognizer.decode(this.#stream);
    return recognizer.getResult(this.#stream).text.trim();
  }
}
