import {
  isVoiceError,
  RequestLine,
  type SessionContext,
  type SessionHandlers,
  type SpeechRequest,
  type SynthesizerEvent,
  type VoiceError,
} from '@sluice/core/voice';
import { serviceError } from '../faults/service-error.ts';
import { inTime } from '../in-time.ts';
import { KeptSocket } from '../socket/kept-socket.ts';
import type { ServiceSocket } from '../socket/service-socket.ts';
import type { SpeechNews, SpeechProtocol } from './speech-protocol.ts';
import { SpokenRequest } from './spoken-request.ts';

/** How long a service may take to give up what was cancelled, in milliseconds; then the connection is. */
const CLEAR_MS = 1_000;
const MINUTE_MS = 60_000;
/** Nobody asks for more in one request; in milliseconds of its sound. */
const MOST_MS = 600_000;
/** A text without any may have no sound. */
const WORDS = /[\p{L}\p{N}]/u;

/**
 * A synthesizer's session at a service over a socket: requests one after the other, each with its sound. What is cancelled is
 * cancelled at the service. Where a connection is lost before a request has a sound it is asked again, once; later the request
 * has failed, and the next one has a new connection.
 */
export class SpeechLine<Settings> implements SessionHandlers<SpeechRequest> {
  readonly #context: SessionContext<SynthesizerEvent, Settings>;
  readonly #protocol: SpeechProtocol;
  readonly #socket: KeptSocket;
  readonly #requests: RequestLine<SpeechRequest>;
  #read: (message: unknown, heardMs: number) => readonly SpeechNews[] = () => [];
  #address = '';
  #asked: number[] = [];
  #count = 0;
  #current: SpokenRequest | undefined;
  #clearing: Promise<void> = Promise.resolve();
  #cleared: () => void = () => {};

  /** Connects. @throws VoiceError when it cannot */
  static async open<Settings>(
    context: SessionContext<SynthesizerEvent, Settings>,
    protocol: SpeechProtocol,
  ): Promise<SpeechLine<Settings>> {
    const line = new SpeechLine(context, protocol);
    await line.#socket.get();
    return line;
  }

  private constructor(context: SessionContext<SynthesizerEvent, Settings>, protocol: SpeechProtocol) {
    this.#context = context;
    this.#protocol = protocol;
    this.#requests = new RequestLine(context, (request, cancelled) => this.#answer(request, cancelled));
    const take = (message: unknown) => this.#take(message);
    this.#socket = new KeptSocket(context, {
      open: () => {
        const options = protocol.open();
        this.#address = String(options.url);
        return { ...options, onMessage: take, onBinary: take };
      },
      prepare: () => {
        this.#read = protocol.reader();
        this.#asked = [];
        this.#cleared();
      },
      onLost: (error) => {
        this.#cleared();
        this.#current?.fail(error);
      },
    });
  }

  write(request: SpeechRequest): void {
    this.#requests.add(request);
  }

  flush(): Promise<void> {
    return this.#requests.idle();
  }

  onCancel(epoch: number): void {
    this.#requests.cancel(epoch);
  }

  close(): Promise<void> {
    return this.#socket.close();
  }

  async #answer(request: SpeechRequest, cancelled: AbortSignal): Promise<void> {
    const { id, epoch } = request;
    for (let attempt = 1; ; attempt++) {
      const spoken = new SpokenRequest(request, this.#protocol.sampleRate, (event) => this.#context.emit(event));
      try {
        await this.#speak(spoken, cancelled);
        if (cancelled.aborted) return;
        if (!spoken.begun && WORDS.test(request.text)) throw this.#fault('it answered without a sound', 'fall-back');
        return this.#context.emit({ type: 'finished', id, epoch });
      } catch (reason) {
        if (cancelled.aborted) return;
        const error = isVoiceError(reason) ? reason : this.#fault(String(reason), 'fall-back');
        if (attempt === 1 && !spoken.begun && error.category === 'retry') continue;
        return this.#context.emit({ type: 'failed', id, epoch, error });
      }
    }
  }

  async #speak(spoken: SpokenRequest, cancelled: AbortSignal): Promise<void> {
    await this.#clearing;
    const socket = await this.#connection();
    if (cancelled.aborted) return;
    const onCancel = () => {
      this.#cancel(socket);
      spoken.stop();
    };
    cancelled.addEventListener('abort', onCancel, { once: true });
    this.#current = spoken;
    try {
      for (const message of this.#protocol.ask(spoken.request, ++this.#count)) await socket.send(message);
      await this.#listen(spoken);
    } finally {
      this.#current = undefined;
      cancelled.removeEventListener('abort', onCancel);
    }
  }

  /** Resolves when the request is finished, or cancelled. */
  async #listen(spoken: SpokenRequest): Promise<void> {
    const { silenceMs } = this.#protocol;
    while (!spoken.over) {
      await inTime(this.#context, silenceMs, spoken.next(), () => {
        // Nobody knows what it will still say of this request.
        this.#socket.drop();
        return this.#fault(`nothing came of it for ${silenceMs} ms`, 'retry');
      });
    }
  }

  #cancel(socket: ServiceSocket): void {
    if (this.#context.signal.aborted || !socket.open) return;
    const { cancel } = this.#protocol;
    if (cancel === undefined) {
      this.#socket.drop();
      // The next request finds it open; what goes wrong is told of that one.
      this.#socket.get().catch(() => {});
      return;
    }
    for (const message of cancel()) void socket.send(message);
    const cleared = new Promise<void>((resolve) => {
      this.#cleared = resolve;
    });
    const late = () => this.#fault('it did not give up what was cancelled', 'retry');
    this.#clearing = inTime(this.#context, CLEAR_MS, cleared, late).catch(() => this.#socket.drop());
  }

  #connection(): Promise<ServiceSocket> {
    const { mostAMinute = Number.POSITIVE_INFINITY, open } = this.#protocol;
    // A service counts its own minutes, however fast a virtual clock runs.
    const now = performance.now();
    this.#asked = this.#asked.filter((at) => at > now - MINUTE_MS);
    if (this.#asked.length >= mostAMinute || String(open().url) !== this.#address) this.#socket.drop();
    return this.#socket.get().then((socket) => {
      this.#asked.push(now);
      return socket;
    });
  }

  #take(message: unknown): void {
    const spoken = this.#current;
    for (const news of this.#read(message, spoken?.heardMs ?? 0)) {
      if (news.type === 'cleared') this.#cleared();
      else if (spoken !== undefined) {
        this.#socket.useful();
        spoken.take(news);
        if (spoken.heardMs > MOST_MS) throw this.#fault('its sound does not end', 'fall-back');
      }
    }
  }

  #fault(message: string, category: 'retry' | 'fall-back'): VoiceError {
    return serviceError({ ...this.#protocol.open().identity, message, category });
  }
}
