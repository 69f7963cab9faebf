import {
  isSluiceError,
  outOfRange,
  type PlayoutSink,
  playoutSink,
  realClock,
  type SluiceError,
  toError,
} from '@sluice/core';
import { mediaSocketError } from './errors.ts';
import type { FormEvent, FormSession, MediaForm, MediaStart, WireMessage } from './forms/media-form.ts';
import { MediaSource } from './hearing/media-source.ts';
import type {
  MediaSocketControl,
  MediaSocketEvent,
  MediaSocketMetrics,
  MediaSocketOptions,
} from './media-socket-options.ts';
import { MediaLink, type MediaSocketEnd } from './socket/media-link.ts';
import type { WebSocketLike } from './socket/web-socket-like.ts';
import { BufferedLine } from './speaking/buffered-line.ts';
import type { Outlet } from './speaking/outlet.ts';
import { PacedLine } from './speaking/paced-line.ts';

/** How many times as much as media may wait in the socket before answers are no longer given, which no sink holds back. */
const UNREAD_ANSWERS = 16;

/** A socket in a form: what it says goes to a source, a line says what a sink gets. */
export class OpenSocket implements MediaSocketControl {
  readonly source: MediaSource;
  readonly sink: PlayoutSink;
  readonly started: Promise<MediaStart | undefined>;
  readonly finished: Promise<MediaSocketEnd>;
  readonly #form: MediaForm;
  readonly #session: FormSession;
  readonly #link: MediaLink;
  readonly #mostBuffered: number;
  readonly #line: BufferedLine | PacedLine;
  readonly #onEvent: ((event: MediaSocketEvent) => void) | undefined;
  #messagesIn = 0;
  #messagesOut = 0;
  #sentMs = 0;
  #resolveStarted!: (start: MediaStart | undefined) => void;
  #resolveFinished!: (end: MediaSocketEnd) => void;

  constructor(socket: WebSocketLike, options: MediaSocketOptions, mostBytes: number, mostBuffered: number) {
    const { form, clock = realClock, onEvent, capacityMs = form.buffers ? 1_000 : 250 } = options;
    this.#form = form;
    this.#session = form.open();
    this.#onEvent = onEvent;
    this.#mostBuffered = mostBuffered;
    this.started = new Promise((resolve) => {
      this.#resolveStarted = resolve;
    });
    this.finished = new Promise((resolve) => {
      this.#resolveFinished = resolve;
    });
    this.source = new MediaSource(form, this.#session, clock);
    this.#link = new MediaLink(socket, mostBytes, { onOpen: this.#opened, onMessage: this.#read, onEnd: this.#ended });
    const Line = form.buffers ? BufferedLine : PacedLine;
    this.#line = new Line({
      form,
      clock,
      capacityMs,
      outlet: this.#outlet(),
      farMs: () => this.source.timeline.farMs,
      onStuck: (error) => this.#link.fail(error, 1011),
    });
    this.sink = playoutSink({ name: 'toMediaSocket', device: this.#line, problems: () => this.#problems() });
  }

  send(message: WireMessage): void {
    if (this.#link.open) this.#messagesOut++;
    this.#link.send(message);
  }

  close(code = 1000, reason = ''): Promise<MediaSocketEnd> {
    try {
      this.#link.close(code, reason);
    } catch {
      throw outOfRange(
        'mediaSocket close',
        '1000 or 3000 to 4999, and 123 bytes of reason at most',
        `${code} ${reason}`,
      );
    }
    return this.finished;
  }

  metrics(): MediaSocketMetrics {
    const { receivedMs, unheardMs, partBytes, timeline, watch } = this.source;
    return {
      receivedMs,
      unheardMs,
      partBytes,
      missingMs: timeline.missingMs,
      silentMs: watch.silentMs,
      sentMs: this.#sentMs,
      messagesIn: this.#messagesIn,
      messagesOut: this.#messagesOut,
    };
  }

  #outlet(): Outlet {
    const session = this.#session;
    const isOpen = () => session.ready && this.#link.open && !this.#isFull;
    return {
      get open() {
        return isOpen();
      },
      media: (samples: Int16Array) => {
        this.#sentMs += (samples.length * 1_000) / (this.#form.sampleRate * this.#form.channels);
        this.send(session.media(samples));
      },
      mark: (name: string) => this.send(session.mark!(name)),
      clear: () => this.send(session.clear!()),
    };
  }

  readonly #opened = (): void => {
    const hello = this.#session.hello?.();
    if (hello !== undefined) this.send(hello);
    this.#line.send();
  };

  readonly #read = (message: WireMessage): void => {
    this.#messagesIn++;
    try {
      const event = this.#session.read(message, this.#answer);
      if (event !== undefined) this.#take(event);
    } catch (error) {
      this.#link.fail(isSluiceError(error) ? error : unreadable(this.#form, toError(error)), 1007);
    }
  };

  readonly #answer = (message: WireMessage): void => {
    const bytes = this.#link.bufferedBytes;
    if (bytes <= UNREAD_ANSWERS * this.#mostBuffered) return this.send(message);
    const what = `the far side asks, and does not read what it is answered: ${bytes} bytes are in the socket`;
    const details = { expected: `at most ${UNREAD_ANSWERS} times mostBufferedBytes`, received: bytes };
    this.#link.fail(mediaSocketError('SLUICE_MEDIA_SOCKET_STUCK', what, details), 1011);
  };

  #take(event: FormEvent): void {
    if (event.type === 'media') return this.source.take(event.samples, event.atMs);
    if (event.type === 'mark' && this.#line.marked(event.name)) return;
    if (event.type === 'stopped' && this.#link.stopping) return;
    if (event.type === 'started') this.#resolveStarted(event.start);
    this.#onEvent?.(event);
    if (event.type === 'started') this.#line.send();
    if (event.type !== 'stopped') return;
    this.#link.stopping = true;
    this.source.end();
    this.#line.end();
  }

  readonly #ended = (end: MediaSocketEnd): void => {
    this.source.end(end.error);
    this.#line.end(end.error);
    this.#resolveStarted(undefined);
    this.#resolveFinished(end);
  };

  get #isFull(): boolean {
    return this.#link.bufferedBytes > this.#mostBuffered;
  }

  #problems(): string[] {
    if (!this.#link.open) return [];
    if (!this.#session.ready)
      return ['waits for the far side to begin its stream: nothing can be sent before its start message'];
    if (!this.#isFull) return [];
    return [
      `waits for the far side to read: ${this.#link.bufferedBytes} bytes are in the socket, and no more than ${this.#mostBuffered} (mostBufferedBytes) may be: it reads too slowly, or the network does`,
    ];
  }
}

function unreadable({ name }: MediaForm, cause: Error): SluiceError {
  return mediaSocketError(
    'SLUICE_MEDIA_SOCKET_MESSAGE',
    `a message in the form ${name} could not be taken: ${cause.message}`,
    {
      cause,
    },
  );
}
