import type { AudioFrame } from '@sluice/core';
import type { RecognizerEvent, SessionContext, SessionHandlers, VoiceError, Word } from '@sluice/core/voice';
import { serviceError } from '../faults/service-error.ts';
import { inTime } from '../in-time.ts';
import { KeptSocket } from '../socket/kept-socket.ts';
import type { ServiceSocket } from '../socket/service-socket.ts';
import type { SocketMessage } from '../socket/socket-options.ts';
import type { HeardWord, RecognitionNews, RecognitionProtocol } from './recognition-protocol.ts';
import { SentAudio } from './sent-audio.ts';

/** Sound that is kept to be sent again, in milliseconds: longer than three connections in a row take to fail. */
const KEPT_MS = 60_000;
/** Sound in one message at most, in milliseconds. */
const MOST_PIECE_MS = 1_000;
/** Until a service that greets has done so, in milliseconds. */
const READY_MS = 10_000;
/** A service that says nothing at all of so much sound, nor when it is asked to finish, is not there; in seconds. */
const DUMB_S = 3;

/**
 * A recogniser's session at a service over a socket: times become media time whatever gaps the sound has, and a connection
 * that is lost or that the service ends by its time limit is made anew, with everything that was not answered.
 */
export class RecognitionLine<Settings> implements SessionHandlers<AudioFrame> {
  readonly #context: SessionContext<RecognizerEvent, Settings>;
  readonly #protocol: RecognitionProtocol;
  readonly #socket: KeptSocket;
  readonly #audio: SentAudio;
  #read: (message: unknown) => readonly RecognitionNews[] = () => [];
  #ready: () => void = () => {};
  #finishing: Promise<void> = Promise.resolve();
  /** While the service is asked to finish. */
  #finish: { readonly done: () => void; told: boolean; failed: (error: unknown) => void } | undefined;
  /** The second of the sound at which a message came last. */
  #heardAt = 0;
  /** The text of the partial that no final has replaced. */
  #partial = '';

  /** Connects. @throws VoiceError when it cannot */
  static async open<Settings>(
    context: SessionContext<RecognizerEvent, Settings>,
    protocol: RecognitionProtocol,
  ): Promise<RecognitionLine<Settings>> {
    const line = new RecognitionLine(context, protocol);
    await line.#socket.get();
    return line;
  }

  private constructor(context: SessionContext<RecognizerEvent, Settings>, protocol: RecognitionProtocol) {
    this.#context = context;
    this.#protocol = protocol;
    this.#audio = new SentAudio(protocol.sampleRate, KEPT_MS);
    this.#socket = new KeptSocket(context, {
      open: () => ({ ...protocol.open(), onMessage: (message) => this.#take(message) }),
      prepare: (socket) => this.#prepare(socket),
      // While nobody speaks nobody needs it.
      onLost: () => this.#finish !== undefined && this.#reopen(),
    });
  }

  write(frame: AudioFrame): undefined | Promise<void> {
    this.#audio.push(frame);
    const socket = this.#socket.current;
    if (socket !== undefined) return this.#sendAudio(socket, this.#protocol.pieceMs);
    this.#reopen();
  }

  /** One after the other: each asks for what was written before it. */
  flush(): Promise<void> {
    this.#finishing = this.#finishing.then(() => this.#askToFinish());
    return this.#finishing;
  }

  /** Sends something beside the sound, if there is a connection. */
  say(message: SocketMessage): void {
    void this.#socket.current?.send(message);
  }

  /** Takes a new connection, with the settings of the moment, once the stretch is finished. */
  renew(): void {
    const renewed = this.flush().then(() => this.#socket.drop());
    this.#finishing = renewed;
    renewed.catch((error: unknown) => this.#context.fail(error));
  }

  /** New settings are those of a new connection; a protocol that can change them otherwise does not hand this on. */
  onUpdate(): void {
    this.renew();
  }

  close(): Promise<void> {
    return this.#socket.close();
  }

  async #prepare(socket: ServiceSocket): Promise<void> {
    this.#read = this.#protocol.reader();
    if (this.#protocol.greets) {
      const ready = new Promise<void>((resolve) => {
        this.#ready = resolve;
      });
      const { readyMs = READY_MS } = this.#protocol;
      await inTime(this.#context, readyMs, ready, () => this.#fault(`it did not begin within ${readyMs} ms`));
    }
    this.#audio.restart();
    this.#heardAt = 0;
    await this.#sendAudio(socket, this.#finish === undefined ? this.#protocol.pieceMs : 0);
    if (this.#finish !== undefined) await socket.send(this.#protocol.finish());
  }

  #reopen(): void {
    this.#socket.get().catch((error: unknown) => {
      if (!this.#context.signal.aborted) this.#context.fail(error);
      this.#finish?.failed(error);
    });
  }

  #sendAudio(socket: ServiceSocket, leastMs: number): undefined | Promise<void> {
    const toSamples = (ms: number) => Math.round((ms * this.#protocol.sampleRate) / 1_000);
    let room: undefined | Promise<void>;
    for (;;) {
      const piece = this.#audio.take(toSamples(leastMs), toSamples(MOST_PIECE_MS));
      if (piece === undefined) return room;
      // A connection that takes nothing is lost: all of it is sent again.
      room = socket.send(this.#protocol.audio(piece))?.catch(() => {}) ?? room;
    }
  }

  async #askToFinish(): Promise<void> {
    if (!this.#audio.unanswered && this.#partial === '') return;
    const { finishMs, quietMs = finishMs } = this.#protocol;
    const done = new Promise<void>((resolve, reject) => {
      this.#finish = { done: resolve, failed: reject, told: false };
    });
    done.catch(() => {});
    const socket = this.#socket.current;
    if (socket === undefined) this.#reopen();
    else {
      await this.#sendAudio(socket, 0);
      // A connection that is lost meanwhile is made anew, and asked as well.
      await Promise.resolve(socket.send(this.#protocol.finish())).catch(() => {});
    }
    let isDone = await this.#answers(done, quietMs, finishMs);
    while (!isDone && this.#isDumb) {
      this.#socket.fail(this.#fault('it says nothing of what it hears'));
      this.#reopen();
      isDone = await this.#answers(done, quietMs, finishMs);
    }
    if (!isDone) this.#giveUpOn();
    this.#finish = undefined;
  }

  async #answers(done: Promise<void>, quietMs: number, finishMs: number): Promise<boolean> {
    let isDone = await this.#within(quietMs, done);
    if (!isDone && (this.#partial !== '' || this.#isDumb)) isDone = await this.#within(finishMs, done);
    // It was not asked yet; that there is no connection to be had ends the session.
    while (!isDone && this.#socket.current === undefined) isDone = await this.#within(finishMs, done);
    return isDone;
  }

  get #isDumb(): boolean {
    return this.#audio.seconds - this.#heardAt >= DUMB_S;
  }

  /** Whether it settles in time. */
  async #within(ms: number, done: Promise<void>): Promise<boolean> {
    const late = this.#fault(`it did not finish within ${ms} ms`);
    try {
      await inTime(this.#context, ms, done, () => late);
      return true;
    } catch (error) {
      if (error !== late) throw error;
      return false;
    }
  }

  /** It did not answer: what it said last is taken for the whole, and nothing may come of it after that. */
  #giveUpOn(): void {
    const text = this.#partial;
    if (this.#finish?.told !== true) this.#tellFinal({ type: 'final', text, words: [], isFinish: true });
    if (text !== '') this.#socket.drop();
  }

  #take(message: unknown): void {
    this.#heardAt = this.#audio.seconds;
    for (const news of this.#read(message)) {
      if (news.type === 'ready') this.#ready();
      else if (news.type === 'silence') {
        if (this.#partial === '' && this.#finish === undefined) this.#audio.answered(news.to);
      } else {
        this.#socket.useful();
        if (news.type === 'partial') this.#tellPartial(news);
        else this.#takeFinal(news);
      }
    }
  }

  #tellPartial({ text, words, turn }: RecognitionNews & { type: 'partial' }): void {
    if (text === this.#partial && turn === undefined) return;
    this.#partial = text;
    const placed = this.#placed(words);
    this.#context.emit({ type: 'partial', text, words: placed, ...(turn === undefined ? {} : { turn }) });
  }

  #takeFinal(news: RecognitionNews & { type: 'final' }): void {
    const finish = this.#finish;
    // It had said by itself that the stretch is over, while it was asked to; or it answers when nobody waits any more.
    const isEmpty = news.text === '' && this.#partial === '';
    const isNeedless = isEmpty && (finish === undefined ? news.isFinish : finish.told);
    if (isNeedless) this.#audio.answered(news.to ?? this.#audio.seconds);
    else this.#tellFinal(news);
    if (finish === undefined) return;
    finish.told = true;
    if (news.isFinish) finish.done();
  }

  #tellFinal({ text, words, from = 0, to = this.#audio.seconds, turn }: RecognitionNews & { type: 'final' }): void {
    const placed = this.#placed(words);
    const start = placed[0]?.start ?? this.#audio.timeOf(from, 'start');
    const end = placed.at(-1)?.end ?? this.#audio.timeOf(to, 'end');
    this.#partial = '';
    this.#audio.answered(to);
    const bounds = { start, end: end < start ? start : end };
    this.#context.emit({ type: 'final', text, words: placed, ...bounds, ...(turn === undefined ? {} : { turn }) });
  }

  #placed(words: readonly HeardWord[]): Word[] {
    return words.map(({ text, start, end, confidence }) => ({
      text,
      start: this.#audio.timeOf(start, 'start'),
      end: this.#audio.timeOf(end, 'end'),
      ...(confidence === undefined ? {} : { confidence }),
    }));
  }

  #fault(message: string): VoiceError {
    return serviceError({ ...this.#protocol.open().identity, message, category: 'retry' });
  }
}
