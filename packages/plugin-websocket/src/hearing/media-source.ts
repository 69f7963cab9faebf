import { AudioFrame, type Clock, pushSource, type Source } from '@sluice/core';
import type { Subscriber } from 'rxjs';
import type { FormSession, MediaForm } from '../forms/media-form.ts';
import { ArrivalTimeline } from './arrival-timeline.ts';
import { SoundWatch } from './sound-watch.ts';

/** The far side's sound, for any number of readers. What nobody reads is counted. */
export class MediaSource {
  readonly source: Source<AudioFrame>;
  readonly timeline: ArrivalTimeline;
  readonly watch: SoundWatch;
  readonly #form: MediaForm;
  readonly #clock: Clock;
  readonly #session: FormSession;
  readonly #readers = new Set<Subscriber<AudioFrame>>();
  #end: { readonly error: Error | undefined } | undefined;
  receivedMs = 0;
  unheardMs = 0;

  constructor(form: MediaForm, session: FormSession, clock: Clock) {
    const { sampleRate, channels } = form;
    this.#form = form;
    this.#session = session;
    this.#clock = clock;
    this.timeline = new ArrivalTimeline(sampleRate);
    this.watch = new SoundWatch(clock, sampleRate);
    const spec = {
      name: 'fromMediaSocket',
      live: true,
      format: { kind: 'audio', sampleRate, channels },
      problems: () => [...this.watch.problems(), ...this.#cut()],
    } as const;
    this.source = pushSource<AudioFrame>(spec, (destination) => this.#read(destination));
  }

  /** Bytes of a sample that has not come whole; after the end it never will. */
  get partBytes(): number {
    return this.#session.partBytes ?? 0;
  }

  take(samples: Int16Array, atMs: number | undefined): void {
    const { sampleRate, channels } = this.#form;
    const length = samples.length / channels;
    if (length === 0) return;
    const ms = (length * 1_000) / sampleRate;
    this.receivedMs += ms;
    this.watch.hear(samples, length);
    const arrival = this.timeline.place(length, this.#clock.now(), atMs);
    if (this.#readers.size === 0) this.unheardMs += ms;
    else this.#give(new AudioFrame({ samples, sampleRate, channels, ...arrival }));
  }

  end(error?: Error): void {
    if (this.#end !== undefined) return;
    this.#end = { error };
    this.watch.ended = true;
    for (const reader of [...this.#readers]) finish(reader, error);
    this.#readers.clear();
  }

  #cut(): string[] {
    if (this.#end === undefined || this.partBytes === 0) return [];
    const { name, channels } = this.#form;
    return [
      `lost ${this.partBytes} bytes: the far side ended inside a sample of the form ${name} with ${channels} channels; it broke off, or speaks with another encoding or other channels`,
    ];
  }

  #read(destination: Subscriber<AudioFrame>): () => void {
    if (this.#end !== undefined) finish(destination, this.#end.error);
    else this.#readers.add(destination);
    return () => this.#readers.delete(destination);
  }

  #give(frame: AudioFrame): void {
    let left = this.#readers.size;
    for (const reader of [...this.#readers]) reader.next(--left === 0 ? frame : frame.clone());
  }
}

function finish(reader: Subscriber<AudioFrame>, error: Error | undefined): void {
  if (error === undefined) reader.complete();
  else reader.error(error);
}
