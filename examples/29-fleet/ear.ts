import { CallClient } from '@sluice/transport';

const LOUD = 500;

/** Somebody in a room who knows of each bot when it was heard last. */
export class Ear {
  readonly #client = new CallClient();
  readonly #waits = new Map<string, Set<() => void>>();

  static async join(url: string): Promise<Ear> {
    const ear = new Ear();
    await ear.#client.join(url, { userName: 'ear' });
    return ear;
  }

  private constructor() {
    this.#client.on('participant-joined', ({ participant }) => {
      const { userName } = participant.info;
      this.#client.setAudioRenderer(
        participant.id,
        (_, frame) => {
          const waits = this.#waits.get(userName);
          if (waits !== undefined && frame.samples.some((sample) => Math.abs(sample) > LOUD))
            for (const heard of waits) heard();
          frame.close();
        },
        { sampleRate: 16_000 },
      );
    });
  }

  /** Resolves with the next sound of a bot. */
  hears(name: string): Promise<void> {
    const waits = this.#waits.get(name) ?? new Set();
    this.#waits.set(name, waits);
    return new Promise((resolve) => {
      const heard = () => {
        waits.delete(heard);
        resolve();
      };
      waits.add(heard);
    });
  }

  async leave(): Promise<void> {
    await this.#client.release();
  }
}
