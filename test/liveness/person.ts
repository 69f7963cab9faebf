import { AudioFrame as Audio, type AudioFrame, micros, pushSource } from '@sluice/core';
import type { VirtualClock } from '@sluice/core/testing';
import { eachBlock, type Understanding } from './faulty-ears.ts';
import { RATE } from './spoken-words.ts';

const FRAME = RATE / 50;

interface Stretch {
  readonly from: number;
  to: number;
  readonly words: readonly string[];
}

/** A person in a call: silent but for what they are told to say, to the sample. While away they send nothing. */
export class Person {
  readonly #clock: VirtualClock;
  readonly #stretches: Stretch[] = [];
  away = false;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  /** Speaks from now on for so long. A cough has no text. */
  speak(text: string, ms: number): void {
    const from = Math.round((this.#clock.now() * RATE) / 1_000);
    this.#stretches.push({ from, to: from + Math.round((ms * RATE) / 1_000), words: text.match(/\S+/g) ?? [] });
  }

  /** Falls silent. */
  hush(): void {
    const now = Math.round((this.#clock.now() * RATE) / 1_000);
    for (const stretch of this.#stretches) stretch.to = Math.min(stretch.to, now);
  }

  /** What was said between two media times, in microseconds: the words of which the middle lies there. */
  said(start: number, end: number): string {
    return this.#stretches
      .flatMap(({ from, to, words }) =>
        words.filter((_, index) => {
          const middle = ((from + ((to - from) * (index + 0.5)) / words.length) * 1_000_000) / RATE;
          return middle >= start && middle < end;
        }),
      )
      .join(' ');
  }

  /** Frames of 20 ms, in the media time of the clock. */
  source() {
    const format = { kind: 'audio', sampleRate: RATE, channels: 1 } as const;
    return pushSource<AudioFrame>({ name: 'person', live: true, format }, (destination) => {
      let index = Math.floor(this.#clock.now() / 20);
      let cancel = () => {};
      const tick = () => {
        const now = index++;
        cancel = this.#clock.at((index + 1) * 20, tick);
        if (!this.away) destination.next(this.#frame(now));
      };
      cancel = this.#clock.at((index + 1) * 20, tick);
      return () => cancel();
    });
  }

  #frame(index: number): AudioFrame {
    const samples = new Int16Array(FRAME);
    const start = index * FRAME;
    for (const { from, to } of this.#stretches)
      for (let at = Math.max(from, start); at < Math.min(to, start + FRAME); at++)
        samples[at - start] = at & 8 ? 8_000 : -8_000;
    return new Audio({ samples, sampleRate: RATE, channels: 1, timestamp: micros(index * 20_000) });
  }
}

/** Knows what a person says where it hears something. */
export function understandPerson(person: Person): Understanding {
  let heard: { start: number; end: number; told: number } | undefined;
  return {
    hear(frame) {
      let text: string | undefined;
      eachBlock(frame, 0, (loud, from, to) => {
        if (!loud) return;
        heard ??= { start: from, end: to, told: from };
        heard.end = to;
        if (to - heard.told < 200_000) return;
        heard.told = to;
        text = person.said(heard.start, heard.end);
      });
      return text;
    },
    now: () => heard && person.said(heard.start, heard.end),
    finish() {
      const stretch = heard;
      heard = undefined;
      return stretch && { ...stretch, text: person.said(stretch.start, stretch.end) };
    },
  };
}
