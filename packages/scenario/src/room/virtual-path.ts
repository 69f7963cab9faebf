import { checkKeys, invalidArgument, outOfRange } from '@sluice/core';
import { seededRandom } from '@sluice/core/testing';

/** The network from one participant to another. */
export interface NetworkConditions {
  /** Way of every packet, in milliseconds. Default 0. */
  readonly delayMs?: number;
  /** Mean of what a packet takes beyond that, exponentially distributed, in milliseconds. Default 0. */
  readonly jitterMs?: number;
  /** What the receiver keeps back for it; a packet that comes later is lost. Default: four times `jitterMs`. */
  readonly bufferMs?: number;
  /** Share of the packets of 20 ms that is lost, 0 to 1. Default 0. */
  readonly loss?: number;
}

/** Milliseconds of a packet. */
const PACKET_MS = 20;
/** Concealment is silent after so long, in milliseconds. */
const CONCEAL_MS = 60;
/** The longest way, delay and buffer together, in milliseconds. */
const LONGEST_MS = 5_000;

const conditionKeys = { delayMs: true, jitterMs: true, bufferMs: true, loss: true } as const;

/**
 * One direction between two participants: delays to the sample, loses packets by a seed, and conceals what is missing by
 * what came before, fading out over 60 ms. A way that becomes longer leaves a hole, one that becomes shorter a skip.
 */
export class VirtualPath {
  readonly #rate: number;
  readonly #random: () => number;
  readonly #samples: Int16Array;
  readonly #filled: Uint8Array;
  readonly #past: Int16Array;
  #conditions: Required<NetworkConditions> = { delayMs: 0, jitterMs: 0, bufferMs: 0, loss: 0 };
  #cutUntil = 0;
  #packet = -1;
  #arrives = true;
  #begun = false;
  /** Samples since the last that came. */
  #missing = 0;
  #pastAt = 0;
  /** The last begins anew with each loss of sound. */
  readonly #holes: { readonly at: number; samples: number }[] = [];
  #inHole = false;
  #lost = 0;

  constructor(sampleRate: number, seed: number) {
    this.#rate = sampleRate;
    this.#random = seededRandom(seed);
    const length = ((LONGEST_MS + 100) * sampleRate) / 1_000;
    this.#samples = new Int16Array(length);
    this.#filled = new Uint8Array(length);
    this.#past = new Int16Array((PACKET_MS * sampleRate) / 1_000);
  }

  get conditions(): Required<NetworkConditions> {
    return this.#conditions;
  }

  /** What was missing of sound so far, in milliseconds; silence that was lost is not. */
  get concealedMs(): number {
    return this.holes.reduce((sum, { ms }) => sum + ms, 0);
  }

  /** Where sound was missing, on the room's timeline, and how much of each hole was to sound, in milliseconds. */
  get holes(): readonly { readonly startMs: number; readonly ms: number }[] {
    const toMs = (length: number) => (length * 1_000) / this.#rate;
    return this.#holes.map(({ at, samples }) => ({ startMs: toMs(at), ms: toMs(samples) }));
  }

  /** Packets that were lost, were late, or fell into a cut. */
  get lostPackets(): number {
    return this.#lost;
  }

  /** Changes what is given, from the next packet on. */
  set(conditions: NetworkConditions): void {
    checkKeys<NetworkConditions>('network', conditions, conditionKeys);
    for (const key of Object.keys(conditions) as (keyof NetworkConditions)[]) {
      const value = conditions[key];
      if (typeof value !== 'number' || Number.isNaN(value)) throw invalidArgument(key, 'a number', value);
      const most = key === 'loss' ? 1 : LONGEST_MS;
      if (value < 0 || value > most) throw outOfRange(key, `0 to ${most}`, value);
    }
    const next = { ...this.#conditions, ...conditions };
    if (conditions.jitterMs !== undefined && conditions.bufferMs === undefined) next.bufferMs = 4 * conditions.jitterMs;
    if (next.delayMs + next.bufferMs > LONGEST_MS)
      throw outOfRange('delayMs + bufferMs', `0 to ${LONGEST_MS} ms`, next.delayMs + next.bufferMs);
    this.#conditions = next;
  }

  /** Loses everything that is sent before a sample of the timeline. */
  cutUntil(index: number): void {
    this.#cutUntil = Math.max(this.#cutUntil, index);
  }

  /** Forgets what is under way: one of the two has left. */
  reset(): void {
    this.#filled.fill(0);
    this.#past.fill(0);
    this.#begun = false;
  }

  /** Takes what was sent from an index of the timeline on. */
  send(at: number, block: Int16Array): void {
    const packet = Math.floor((at * 1_000) / this.#rate / PACKET_MS);
    if (packet !== this.#packet) this.#begin(packet, at);
    if (!this.#arrives) return;
    const { delayMs, bufferMs } = this.#conditions;
    const way = Math.round(((delayMs + bufferMs) * this.#rate) / 1_000);
    const { length } = this.#samples;
    for (let index = 0; index < block.length; index++) {
      const slot = (at + way + index) % length;
      this.#samples[slot] = block[index]!;
      this.#filled[slot] = 1;
    }
  }

  /** Writes what is heard from an index of the timeline on into a block; once for each index, in order. */
  receive(at: number, block: Int16Array): void {
    const { length } = this.#samples;
    const { length: pastLength } = this.#past;
    const fade = (CONCEAL_MS * this.#rate) / 1_000;
    for (let index = 0; index < block.length; index++) {
      const slot = (at + index) % length;
      if (this.#filled[slot] === 1) {
        const sample = this.#samples[slot]!;
        this.#filled[slot] = 0;
        this.#begun = true;
        this.#missing = 0;
        this.#inHole = false;
        this.#past[this.#pastAt] = sample;
        block[index] = sample;
      } else {
        if (this.#begun && this.#past[this.#pastAt] !== 0) this.#lose(at + index);
        const gain = Math.max(0, 1 - ++this.#missing / fade);
        block[index] = Math.round(this.#past[this.#pastAt]! * gain);
      }
      this.#pastAt = (this.#pastAt + 1) % pastLength;
    }
  }

  #lose(index: number): void {
    if (!this.#inHole) this.#holes.push({ at: index, samples: 0 });
    this.#inHole = true;
    this.#holes.at(-1)!.samples++;
  }

  #begin(packet: number, at: number): void {
    this.#packet = packet;
    const { jitterMs, bufferMs, loss } = this.#conditions;
    // Each is drawn whatever the conditions are, so that a change of one leaves the others' fate as it was.
    const [fate, late] = [this.#random(), this.#random()];
    const isLate = jitterMs > 0 && -Math.log(1 - late) * jitterMs > bufferMs;
    this.#arrives = fate >= loss && !isLate && at >= this.#cutUntil;
    if (!this.#arrives) this.#lost++;
  }
}
