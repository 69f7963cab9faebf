// Sound on its way through a virtual room, by sample and on one timeline. No model, no graph and no verdict.

/** Adds samples to others from an index on, within full scale. What lies outside is left out. */
export function mixInto(target: Int16Array, samples: Int16Array, at: number, gain = 1): void {
  const end = Math.min(target.length, at + samples.length);
  for (let index = Math.max(0, at); index < end; index++) {
    const sum = target[index]! + samples[index - at]! * gain;
    target[index] = sum > 32_767 ? 32_767 : sum < -32_768 ? -32_768 : Math.round(sum);
  }
}

/** Sounds that are to begin at their sample, read block by block. */
export class PendingSounds {
  #sounds: { readonly at: number; readonly samples: Int16Array }[] = [];

  add(at: number, samples: Int16Array): void {
    this.#sounds.push({ at, samples });
  }

  /** Adds what sounds from an index on to a block. What ended before is forgotten. */
  mixInto(block: Int16Array, from: number): void {
    if (this.#sounds.length === 0) return;
    let ended = false;
    for (const { at, samples } of this.#sounds) {
      mixInto(block, samples, at - from);
      ended ||= at + samples.length <= from + block.length;
    }
    if (ended) this.#sounds = this.#sounds.filter(({ at, samples }) => at + samples.length > from + block.length);
  }

  /** Cuts everything from an index on, fading over so many samples before it. */
  cut(at: number, fade: number): void {
    this.#sounds = this.#sounds
      .filter((sound) => sound.at < at)
      .map((sound) => ({ at: sound.at, samples: faded(sound.samples.slice(0, at - sound.at), fade) }));
  }
}

function faded(samples: Int16Array, fade: number): Int16Array {
  const length = Math.min(fade, samples.length);
  for (let index = 0; index < length; index++) {
    const at = samples.length - length + index;
    samples[at] = Math.round(samples[at]! * (1 - (index + 1) / length));
  }
  return samples;
}
