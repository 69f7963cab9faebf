import { AudioFrame, micros, toError } from '@sluice/core';
import type { VoiceDetector, VoiceDetectorSession } from '@sluice/core/voice';
import type { VadJudge } from './vad-judge.ts';

/** Length of a block, and of the hole after which a detector begins anew, in microseconds. */
const BLOCK = 10_000;
const HOLE = 1_000_000;

/** What a detector of a plugin has told so far. */
export class DetectorJudge implements VadJudge {
  readonly #detector: VoiceDetector;
  readonly #sampleRate: number;
  #opening: Promise<VoiceDetectorSession> | undefined;
  #speaking = false;
  #time = 0;
  #lost: Error | undefined;

  constructor(detector: VoiceDetector, sampleRate: number) {
    this.#detector = detector;
    this.#sampleRate = sampleRate;
  }

  async judge(samples: Int16Array, anew: boolean): Promise<number> {
    this.#opening ??= this.#open();
    const session = await this.#opening;
    if (anew) {
      this.#time += HOLE;
      this.#speaking = false;
    }
    const gap = anew ? ({ duration: micros(HOLE), reason: 'source' } as const) : undefined;
    const frame = new AudioFrame({
      samples: samples.slice(),
      sampleRate: this.#sampleRate,
      channels: 1,
      timestamp: micros(this.#time),
      gap,
    });
    this.#time += BLOCK;
    await session.write(frame);
    await session.flush();
    // Its events are read behind a few promises.
    await new Promise<void>((resolve) => setImmediate(resolve));
    frame.close();
    if (this.#lost !== undefined) throw this.#lost;
    return this.#speaking ? 1 : 0;
  }

  close(): void {
    this.#opening?.then((session) => session.close()).catch(() => {});
  }

  async #open(): Promise<VoiceDetectorSession> {
    try {
      const session = await this.#detector.open();
      this.#listen(session).catch((error: unknown) => {
        this.#lost = toError(error);
      });
      return session;
    } catch (error) {
      // The next block tries again.
      this.#opening = undefined;
      throw error;
    }
  }

  async #listen(session: VoiceDetectorSession): Promise<void> {
    for await (const { type } of session) this.#speaking = type === 'speech';
  }
}
