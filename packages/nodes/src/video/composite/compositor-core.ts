import {
  type Interruption,
  idsOf,
  invalidArgument,
  type Micros,
  SluiceError,
  type VideoFrame,
  videoFramePool,
} from '@sluice/core';
import { paint, pixelOf } from '../../kernels/video/paint.ts';
import { frameTime } from '../../options/exact-frame-rate.ts';
import {
  CompositeInput,
  type CompositeInputOptions,
  type CompositeTimeline,
  checkCompositeInput,
} from './composite-input.ts';
import type { CompositeSettings } from './composite-settings.ts';
import { type Drawing, lay } from './fitted.ts';
import { arrange, type CompositeLayout, checkLayout } from './layout.ts';

/**
 * The pictures and the bookkeeping of a compositor, without a clock and without RxJS: inputs push frames of any format
 * and whoever drives it calls `render()`, by a clock or whenever `ready`.
 */
export class CompositorCore {
  readonly settings: CompositeSettings;
  readonly #inputs = new Map<string, CompositeInput>();
  readonly #drawing: Drawing;
  readonly #pixel: Uint8Array;
  readonly #timeline: CompositeTimeline;
  #layout: CompositeSettings['layout'];
  #index = 0;
  #sealed = false;
  #crowded = false;
  /** What the picture that was drawn last is part of. */
  readonly #utterances = new Set<string>();
  /** Called with an input when it has left; set by whoever feeds the inputs. */
  onGone: (input: CompositeInput) => void = () => {};
  /** Called with what does not end the stream. */
  onFault: (error: unknown) => void = () => {};

  constructor(settings: CompositeSettings, owner: string) {
    const { format, colorSpace, filter, background, layout, rate } = settings;
    this.settings = settings;
    this.#layout = layout;
    this.#drawing = { format, colorSpace, filter, owner };
    this.#pixel = pixelOf(background, format, colorSpace);
    const timeAt = (later: number) => frameTime(this.#index + later, rate);
    const waits = () => settings.timing === 'inputs' && this.#waits;
    this.#timeline = {
      get next() {
        return timeAt(0);
      },
      get period() {
        return (timeAt(1) - timeAt(0)) as Micros;
      },
      get waits() {
        return waits();
      },
    };
  }

  /** Pictures that left. */
  get index(): number {
    return this.#index;
  }

  /** Adds an input; it is seen when it has a picture. It takes the place of one of its name that has ended. */
  add(id: string, options: CompositeInputOptions = {}): CompositeInput {
    if (typeof id !== 'string') throw invalidArgument('id', 'a string', id);
    checkCompositeInput('composite input', options);
    const former = this.#inputs.get(id);
    if (former !== undefined && !former.done && !former.ended)
      throw invalidArgument('id', 'an id that no input of the composite has', id);
    if (former !== undefined) this.#forget(former);
    const { staleMs = this.settings.staleMs } = options;
    const input = new CompositeInput(id, { ...options, staleMs }, this.#timeline, this.#drawing);
    input.keepsTime = this.settings.timing === 'inputs';
    this.#inputs.set(id, input);
    return input;
  }

  /** The input of that name, which must be there. */
  input(id: string): CompositeInput {
    const input = this.#inputs.get(id);
    if (input === undefined) throw invalidArgument('id', `one of: ${[...this.#inputs.keys()].join(', ')}`, id);
    return input;
  }

  /** Another layout, from the next picture on. */
  setLayout(layout: CompositeLayout): void {
    this.#layout = checkLayout('setLayout', layout);
    this.#crowded = false;
  }

  /** Says that no input will be added: when all have ended, the stream has. */
  seal(): void {
    this.#sealed = true;
  }

  get finished(): boolean {
    if (!this.#sealed) return false;
    for (const input of this.#inputs.values()) if (!input.done) return false;
    return true;
  }

  /** Whether it is known what every input that is still going shows next, and there is one. */
  get ready(): boolean {
    if (this.#waits) return false;
    for (const input of this.#inputs.values()) if (!input.done) return true;
    return false;
  }

  /** Whether the next picture waits for an input. */
  get #waits(): boolean {
    for (const input of this.#inputs.values()) if (!input.knowsNext) return true;
    return false;
  }

  /** Draws the next picture. */
  render(epoch: number): VideoFrame {
    const { width, height, format, colorSpace } = this.settings;
    const { next: timestamp, period: duration } = this.#timeline;
    const init = { width, height, format, colorSpace, timestamp, duration, epoch };
    const frame = videoFramePool.frame(init, this.#drawing.owner);
    try {
      this.#draw(frame);
    } catch (error) {
      frame.close();
      throw error;
    }
    this.#index++;
    const ids = [...this.#utterances];
    for (const input of this.#inputs.values()) if (input.done) this.#forget(input);
    return ids.length === 0 ? frame : frame.move({ utterance: ids });
  }

  interrupt(interruption: Interruption): void {
    for (const input of this.#inputs.values()) input.interrupt(interruption);
  }

  /** Drops everything. */
  close(): void {
    for (const input of this.#inputs.values()) this.#forget(input);
  }

  #draw(onto: VideoFrame): void {
    const { width, height, format, fit } = this.settings;
    paint(onto, this.#pixel, { x: 0, y: 0, width, height });
    if (this.#utterances.size > 0) this.#utterances.clear();
    const present = [...this.#inputs.values()].filter((input) => input.advance());
    const cells = arrange(this.#layout, present, this.settings, format === 'I420' ? 2 : 1);
    if (cells === undefined) return this.#reportCrowd(present.length);
    this.#crowded = false;
    for (const { input, x, y, ...shape } of cells) {
      const opacity = Math.round((input.place.opacity ?? 1) * 255);
      for (const id of idsOf(input.utterance)) this.#utterances.add(id);
      const drawn = input.drawn({ ...shape, fit: input.place.fit ?? fit });
      lay(onto, drawn, x + drawn.x, y + drawn.y, opacity);
    }
  }

  /** Once until there is room again. */
  #reportCrowd(count: number): void {
    if (this.#crowded) return;
    this.#crowded = true;
    const { width, height } = this.settings;
    this.onFault(
      new SluiceError('SLUICE_COMPOSITE_CELLS', 'the cells of a composite have no pixel left, and nothing is shown', {
        expected: 'room for each input beside gaps and margins',
        received: `${count} inputs on ${width} x ${height}`,
        fix: 'Make the picture larger, the gap or margin smaller, or show fewer inputs',
      }),
    );
  }

  #forget(input: CompositeInput): void {
    this.#inputs.delete(input.id);
    input.close();
    this.onGone(input);
  }
}
