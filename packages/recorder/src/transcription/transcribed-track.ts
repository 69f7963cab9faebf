import { type AudioFrame, type Graph, graph, type NodeRef } from '@sluice/core';
import type { Recognizer } from '@sluice/core/voice';
import { type TranscriptFrame, tap, transcribe, vad } from '@sluice/nodes';
import type { TranscriptionMessage, TranscriptionSettings } from '@sluice/protocol';
import { type CallClient, fromParticipantAudio } from '@sluice/transport';
import { HeardAt } from './heard-at.ts';
import type { TranscriberConfig } from './transcriber-options.ts';
import { transcriptText } from './transcript-text.ts';

/** What a recogniser gets if it takes it, in Hz. */
const USUAL_RATE = 16_000;

export interface TrackTranscription<Settings> {
  readonly client: CallClient;
  readonly config: TranscriberConfig<Settings>;
  readonly recognizer: Recognizer<Settings>;
  readonly participantId: string;
  readonly source: string;
  readonly instanceId: string;
  /** As they are now. */
  readonly settings: () => TranscriptionSettings;
  readonly tell: (message: TranscriptionMessage) => void;
}

/** One track in a graph of its own, so that what fails here ends nothing else. */
export class TranscribedTrack<Settings> {
  /** Resolves when the track is over and its last words are told; rejects with what ended it before. */
  readonly ended: Promise<void>;
  readonly #options: TrackTranscription<Settings>;
  readonly #bot: Graph;
  readonly #scribe: NodeRef;
  readonly #heardAt = new HeardAt();

  constructor(options: TrackTranscription<Settings>) {
    this.#options = options;
    const { client, config, recognizer, participantId, source: audioSource } = options;
    const { clock, detector, secrets } = config;
    const { sampleRates } = recognizer.accepts;
    const sampleRate = sampleRates.includes(USUAL_RATE) ? USUAL_RATE : sampleRates[0]!;
    this.#bot = graph('transcript', { clock });
    const settings = config.settings(options.settings());
    const scribe = this.#bot.add(transcribe({ recognizer, settings, secrets, reopen: false }), { name: 'scribe' });
    const heard = this.#bot
      .from(fromParticipantAudio(client, participantId, { audioSource, sampleRate }))
      .pipe(tap((frame: AudioFrame) => this.#heardAt.arrived(frame, Date.now())));
    if (detector === undefined) heard.to(scribe.in.audio);
    else {
      const ears = this.#bot.add(vad({ detector, gate: true }));
      heard.to(ears.in.in);
      ears.out.audio.to(scribe.in.audio);
      ears.out.speech.to(scribe.in.speech);
    }
    scribe.out.out.to({ next: (frame) => this.#tell(frame) });
    this.#scribe = scribe;
    this.ended = this.#bot.run();
    this.ended.catch(() => {});
  }

  /** Other settings for what is said from now on. */
  async update(): Promise<void> {
    const { config, settings } = this.#options;
    await this.#scribe.send({ type: 'set-recognizer', settings: config.settings(settings()) });
  }

  /** Tells the last words. */
  async stop(): Promise<void> {
    await this.#bot.stop().catch(() => {});
    await this.ended.catch(() => {});
  }

  #tell(frame: TranscriptFrame): void {
    const { participantId, source: trackType, instanceId, settings, tell } = this.#options;
    const { includeRawResponse = false } = settings();
    const { text, words, final: isFinal, rejected, timestamp: start, end } = frame;
    const said = rejected ? '' : transcriptText(text);
    if (said === '' && !includeRawResponse) return;
    const timestamp = this.#heardAt.isoOf(start, Date.now());
    const raw = includeRawResponse ? { rawResponse: { text, words, final: isFinal, rejected, start, end } } : {};
    tell({ participantId, text: said, timestamp, trackType, isFinal, instanceId, ...raw });
  }
}
