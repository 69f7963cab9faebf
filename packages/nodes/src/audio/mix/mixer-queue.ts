import type { AudioFrame, Utterance } from '@sluice/core';
import { GainRamp } from '../../kernels/audio/gain-ramp.ts';
import { load } from '../../kernels/audio/mix.ts';

interface Block {
  /** Absent for silence. */
  readonly samples: Int16Array | undefined;
  /** Values. */
  length: number;
  /** Does not continue what stands before it. */
  breaks: boolean;
  offset: number;
  /** Owns the samples until they are read. */
  readonly frame: AudioFrame | undefined;
  readonly release: (() => void) | undefined;
  readonly utterance: Utterance | undefined;
}

const silent = { samples: undefined, breaks: true, frame: undefined, release: undefined, utterance: undefined };

/** What is left of a block from an offset on, as a break. */
function rest(block: Block, offset: number): Block {
  return {
    ...block,
    samples: block.samples?.subarray(offset),
    length: block.length - offset,
    offset: 0,
    breaks: true,
  };
}

/** Samples of one mixer input that wait for their turn, in blocks as they came. Counts values, not sample frames. */
export class MixerQueue {
  #blocks: Block[] = [];
  #length = 0;
  #silence = 0;

  /** Values that wait. */
  get length(): number {
    return this.#length;
  }

  /** Values that wait and are no silence. */
  get sound(): number {
    return this.#length - this.#silence;
  }

  /** Values of the first block that were not read. */
  get headLength(): number {
    const head = this.#blocks[0];
    return head === undefined ? 0 : head.length - head.offset;
  }

  push(samples: Int16Array, breaks: boolean, utterance?: Utterance, frame?: AudioFrame, release?: () => void): void {
    this.#add({ samples, length: samples.length, breaks, offset: 0, frame, release, utterance });
  }

  pushSilence(length: number): void {
    if (length <= 0) return;
    this.#silence += length;
    this.#add({ ...silent, length, offset: 0 });
  }

  /** Whether the next value does not continue the last one that was read. */
  get breaks(): boolean {
    const head = this.#blocks[0];
    return head?.breaks === true && head.offset === 0;
  }

  /** What the next value is part of. */
  get utterance(): Utterance | undefined {
    return this.#blocks[0]?.utterance;
  }

  /** Moves at most `count` values of the first block to `values` at `at`; returns how many. */
  read(values: Float32Array, at: number, count: number): number {
    const head = this.#blocks[0];
    if (head === undefined) return 0;
    const taken = Math.min(count, head.length - head.offset);
    if (head.samples === undefined) values.fill(0, at, at + taken);
    else load(head.samples, head.offset, head.offset + taken, values, at);
    this.#advance(head, taken);
    return taken;
  }

  /** Drops `count` values from the front; what follows is a break. Returns how many there were. */
  discard(count: number): number {
    let dropped = 0;
    for (let head = this.#blocks[0]; head !== undefined && dropped < count; head = this.#blocks[0]) {
      const taken = Math.min(count - dropped, head.length - head.offset);
      dropped += taken;
      this.#advance(head, taken);
    }
    const head = this.#blocks[0];
    if (head !== undefined && dropped > 0) {
      if (head.offset === 0) head.breaks = true;
      else this.#blocks[0] = rest(head, head.offset);
    }
    return dropped;
  }

  /** Turns the oldest `count` values of sound into silence; what follows is a break. Returns how many there were. */
  mute(count: number): number {
    let muted = 0;
    for (let index = 0; muted < count; ) {
      const block = this.#blocks[index];
      if (block === undefined) break;
      if (block.samples === undefined) {
        index++;
        continue;
      }
      const left = block.length - block.offset;
      const taken = Math.min(count - muted, left);
      muted += taken;
      this.#silence += taken;
      const silence = { ...silent, length: taken, offset: 0 };
      if (taken < left) this.#blocks.splice(index, 1, silence, rest(block, block.offset + taken));
      else {
        this.#blocks[index] = silence;
        block.frame?.close();
        block.release?.();
      }
      const before = this.#blocks[index - 1];
      if (before?.samples !== undefined || before === undefined) continue;
      before.length += taken;
      this.#blocks.splice(index, 1);
    }
    return muted;
  }

  /** Drops everything but the first `fade` values, which go down to silence. Returns how many were dropped. */
  cut(fade: number, channels: number): number {
    const kept = new Float32Array(Math.min(fade, this.#length));
    const breaks = this.breaks;
    for (let filled = 0; filled < kept.length; ) filled += this.read(kept, filled, kept.length - filled);
    const dropped = this.#length;
    this.clear();
    const ramp = new GainRamp(1);
    ramp.rampTo(0, kept.length / channels);
    ramp.scale(kept, 0, kept.length, channels);
    if (kept.length > 0) this.push(Int16Array.from(kept), breaks);
    return dropped;
  }

  clear(): void {
    const blocks = this.#blocks;
    this.#blocks = [];
    this.#length = 0;
    this.#silence = 0;
    for (const { frame, release } of blocks) {
      frame?.close();
      release?.();
    }
  }

  #add(block: Block): void {
    if (block.length === 0) {
      block.frame?.close();
      block.release?.();
      return;
    }
    this.#blocks.push(block);
    this.#length += block.length;
  }

  #advance(head: Block, count: number): void {
    head.offset += count;
    this.#length -= count;
    if (head.samples === undefined) this.#silence -= count;
    if (head.offset < head.length) return;
    this.#blocks.shift();
    head.frame?.close();
    head.release?.();
  }
}
