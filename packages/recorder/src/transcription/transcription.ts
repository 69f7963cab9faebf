import { type Cancel, SluiceError, toError } from '@sluice/core';
import type { Recognizer } from '@sluice/core/voice';
import type { TranscriptionSettings } from '@sluice/protocol';
import type { CallClient, Participant, RunningTranscription, TranscriptionRequest } from '@sluice/transport';
import { enterRoom, type Subscriptions } from '../entry/enter-room.ts';
import { TranscribedTrack } from './transcribed-track.ts';
import type { TranscriberConfig } from './transcriber-options.ts';

const soundOnly: Subscriptions = [
  null,
  { base: { camera: 'unsubscribed', screenVideo: 'unsubscribed', customVideo: { '*': 'unsubscribed' } } },
];

/** One transcription that runs. */
export class Transcription<Settings> implements RunningTranscription {
  readonly ended: Promise<void>;
  readonly #config: TranscriberConfig<Settings>;
  readonly #request: TranscriptionRequest;
  readonly #client: CallClient;
  readonly #recognizer: Recognizer<Settings>;
  readonly #tracks = new Map<string, TranscribedTrack<Settings>>();
  /** Tracks whose recogniser died. */
  readonly #dead = new Set<string>();
  readonly #cancels: Cancel[] = [];
  #settings: TranscriptionSettings;
  #finishing = false;
  #lost: Error | undefined;
  #resolve: () => void = () => {};
  #reject: (error: Error) => void = () => {};

  private constructor(
    config: TranscriberConfig<Settings>,
    request: TranscriptionRequest,
    client: CallClient,
    recognizer: Recognizer<Settings>,
  ) {
    this.#config = config;
    this.#request = request;
    this.#client = client;
    this.#recognizer = recognizer;
    this.#settings = request.settings;
    this.ended = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.ended.catch(() => {});
  }

  /** Has the recogniser ready, enters the room, and resolves when it listens. */
  static async start<S>(config: TranscriberConfig<S>, request: TranscriptionRequest): Promise<Transcription<S>> {
    const recognizer = config.recognizer(request.settings);
    await recognizer.prefetch();
    const client = config.client();
    const transcription = new Transcription(config, request, client, recognizer);
    transcription.#follow();
    await enterRoom(client, request.entry, soundOnly);
    return transcription;
  }

  async update(settings: TranscriptionSettings): Promise<void> {
    const before = JSON.stringify(this.#config.settings(this.#settings));
    this.#settings = { ...this.#settings, ...settings };
    await this.#change();
    if (JSON.stringify(this.#config.settings(this.#settings)) === before) return;
    await Promise.all([...this.#tracks.values()].map((track) => track.update()));
  }

  async stop(): Promise<void> {
    void this.#finish();
    await this.ended.catch(() => {});
  }

  #follow(): void {
    const changed = () => void this.#change();
    const client = this.#client;
    this.#cancels.push(
      client.on('participant-joined', changed),
      client.on('participant-updated', changed),
      client.on('error', ({ error }) => {
        this.#lost = error;
      }),
      client.on('call-state-updated', ({ state }) => {
        if (state === 'left') void this.#finish(this.#lost);
      }),
    );
  }

  /** Listens to those who are to be listened to, and to no others. */
  async #change(): Promise<void> {
    if (this.#finishing) return;
    const remote = Object.values(this.#client.participants()).filter(({ info }) => !info.isLocal);
    const wanted = new Map(remote.flatMap((participant) => this.#wanted(participant)));
    for (const [key, listen] of wanted) if (!this.#tracks.has(key) && !this.#dead.has(key)) listen(key);
    // Who has left ends by themselves, with their last words.
    const { participants } = this.#settings;
    if (participants === undefined) return;
    const others = [...this.#tracks].filter(([key]) => !participants.includes(key.split(' ', 1)[0]!));
    await Promise.all(others.map(([, track]) => track.stop()));
  }

  #wanted({ id, media }: Participant): [key: string, listen: (key: string) => void][] {
    if (this.#settings.participants?.includes(id) === false) return [];
    const { microphone, screenAudio, customAudio } = media;
    return Object.entries({ microphone, screenAudio, ...customAudio })
      .filter(([source, { state }]) => state !== 'off' && this.#config.sources.includes(source))
      .map(([source]) => [`${id} ${source}`, (key: string) => this.#listen(key, id, source)]);
  }

  #listen(key: string, participantId: string, source: string): void {
    const { status, tell } = this.#request;
    const track = new TranscribedTrack({
      client: this.#client,
      config: this.#config,
      recognizer: this.#recognizer,
      participantId,
      source,
      instanceId: status.instanceId,
      settings: () => this.#settings,
      tell,
    });
    this.#tracks.set(key, track);
    track.ended.then(
      () => this.#tracks.delete(key),
      (error) => this.#died(key, toError(error)),
    );
  }

  /** One that dies ends the words of one track; the last one ends the transcription. */
  #died(key: string, cause: Error): void {
    this.#tracks.delete(key);
    if (this.#finishing) return;
    this.#dead.add(key);
    if (this.#tracks.size > 0) return;
    const what = `no recogniser is left that hears the room: ${cause.message}`;
    void this.#finish(new SluiceError('SLUICE_NODE_FAILED', what, { cause, fix: 'Start the transcription anew' }));
  }

  async #finish(reason?: Error): Promise<void> {
    if (this.#finishing) return;
    this.#finishing = true;
    for (const cancel of this.#cancels) cancel();
    await Promise.all([...this.#tracks.values()].map((track) => track.stop()));
    await this.#client.release().catch(() => {});
    if (reason === undefined) this.#resolve();
    else this.#reject(reason);
  }
}
