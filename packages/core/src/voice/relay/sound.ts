import type { AudioFrame } from '../../media/audio-frame.ts';
import type { RecognizerEvent } from '../recognizer.ts';
import type { VoiceDetectorEvent } from '../voice-detector.ts';
import { type Entry, type Taken, Unanswered } from './unanswered.ts';

/** Sound that was written and not yet judged, the newest of it up to a bound: frames are copies, closed when settled. */
abstract class Sound<Event> extends Unanswered<AudioFrame, Event> {
  readonly #most: number;
  #kept = 0;
  /** What was written last. */
  format: { readonly sampleRate: number; readonly channels: number } | undefined;

  /** @param keptMs how much is kept, in milliseconds of media */
  constructor(keptMs: number) {
    super();
    this.#most = keptMs * 1_000;
  }

  override add(frame: AudioFrame): void {
    const { sampleRate, channels } = frame;
    this.format = { sampleRate, channels };
    super.add(frame.copy());
    this.#kept += frame.duration;
    while (this.#kept > this.#most) this.remove(this.entries.find(({ item }) => item !== undefined)!);
  }

  cancel(): void {}

  /** What ended by then is judged. */
  protected judged(until: number): void {
    for (const entry of this.entries.filter(({ item }) => item !== undefined && endOf(item) <= until))
      this.remove(entry);
  }

  protected override remove(entry: Entry<AudioFrame>): void {
    if (entry.item !== undefined) this.#kept -= entry.item.duration;
    super.remove(entry);
    entry.item?.close();
  }
}

/** Sound since the last final: a stretch that a recogniser has begun is heard again, in whole, by the next. */
export class UnheardSound extends Sound<RecognizerEvent> {
  #inStretch = false;

  get seam(): 'again' | 'later' {
    return this.#inStretch ? 'later' : 'again';
  }

  take(event: RecognizerEvent): Taken<RecognizerEvent> {
    this.#inStretch = event.type === 'partial';
    if (event.type === 'final') this.judged(event.end);
    return { type: 'tell', events: [event], answers: event.type === 'final' };
  }

  breakOff(): readonly RecognizerEvent[] {
    this.#inStretch = false;
    return [];
  }
}

/** A detector that takes over and says nothing for so long hears silence, in microseconds of media. */
const SILENT_US = 1_000_000;

/** Sound since the last event of a detector. What the next says of it once more is not told. */
export class UnjudgedSound extends Sound<VoiceDetectorEvent> {
  #told: 'speech' | 'silence' = 'silence';
  #end = 0;
  /** Where somebody spoke when the detector was lost; undefined once another has spoken of it. */
  #inDoubtSince: number | undefined;
  readonly #emit: (event: VoiceDetectorEvent) => void;

  constructor(keptMs: number, emit: (event: VoiceDetectorEvent) => void) {
    super(keptMs);
    this.#emit = emit;
  }

  get seam(): 'again' {
    return 'again';
  }

  override add(frame: AudioFrame): void {
    super.add(frame);
    this.#end = endOf(frame);
    const since = this.#inDoubtSince;
    if (since === undefined || this.#end - since < SILENT_US) return;
    this.#inDoubtSince = undefined;
    this.#told = 'silence';
    this.#emit({ type: 'silence', at: since as never, toldAt: this.#end as never });
  }

  take(event: VoiceDetectorEvent): Taken<VoiceDetectorEvent> {
    this.#inDoubtSince = undefined;
    this.judged(event.at);
    if (event.type === this.#told) return { type: 'tell', events: [], answers: true };
    this.#told = event.type;
    return { type: 'tell', events: [event], answers: true };
  }

  breakOff(): readonly VoiceDetectorEvent[] {
    this.again();
    return [];
  }

  override again(): void {
    if (this.#told === 'speech') this.#inDoubtSince = this.#end;
  }
}

function endOf(frame: AudioFrame): number {
  return frame.timestamp + frame.duration;
}
