import { SluiceError } from '@sluice/core';
import { parseWavFormat, type WavFormat } from './wav-format.ts';
import { type WavSizes, wavSizes } from './wav-sizes.ts';

export interface WavHeader extends WavSizes {
  readonly format: WavFormat;
  /** Position of the first byte of audio in the file. */
  readonly dataOffset: number;
  /** Samples per channel, where a `fact` chunk says so; 0 is no number of them. Only compressed formats need it. */
  readonly samples: number | undefined;
}

export interface WavHeaderOptions {
  /** Bytes that may come before the audio. Default 16 MiB. */
  readonly maxHeaderBytes?: number;
}

/** As much of a chunk as is looked at; the rest is skipped without being kept. */
const LONGEST_BODY = 1_024;
const DEFAULT_LIMIT = 16 * 1_024 * 1_024;

/**
 * Reads the header of a WAV file piece by piece: RIFF, RF64 and BW64, chunks in any order before `data`. Every size in
 * the file is taken as a claim: memory stays at about 1 KiB and the header ends at a limit.
 *
 * Throws `SLUICE_WAV_NOT_WAV`, `SLUICE_WAV_TRUNCATED`, `SLUICE_WAV_FORMAT`, `SLUICE_WAV_CODEC` or
 * `SLUICE_WAV_HEADER_TOO_LARGE`.
 */
export class WavHeaderParser {
  readonly #limit: number;
  readonly #body = new Uint8Array(LONGEST_BODY);
  readonly #view = new DataView(this.#body.buffer);
  #filled = 0;
  #needed = 12;
  #skip = 0;
  #position = 0;
  #state: 'riff' | 'chunk' | 'fmt ' | 'ds64' | 'fact' = 'riff';
  #large = false;
  #riffBytes = 0;
  #riffBytes64 = 0;
  #dataBytes64 = 0;
  #format: WavFormat | undefined;
  #samples: number | undefined;

  constructor(options: WavHeaderOptions = {}) {
    this.#limit = options.maxHeaderBytes ?? DEFAULT_LIMIT;
  }

  /** Takes the next bytes of the file; returns the header once it is complete. */
  push(bytes: Uint8Array): WavHeader | undefined {
    let at = 0;
    while (at < bytes.length) {
      // What is left of a chunk is skipped after the part that was looked at, before the next chunk's head.
      const skipping = this.#skip > 0 && this.#state === 'chunk';
      const taken = Math.min(skipping ? this.#skip : this.#needed - this.#filled, bytes.length - at);
      if (skipping) this.#skip -= taken;
      else {
        this.#body.set(bytes.subarray(at, at + taken), this.#filled);
        this.#filled += taken;
      }
      at += taken;
      this.#position += taken;
      if (this.#filled < this.#needed) continue;
      this.#filled = 0;
      const header = this.#step();
      if (header !== undefined) return header;
    }
    return undefined;
  }

  /** The file ended before the header was complete. */
  end(): never {
    if (this.#state === 'riff') this.#checkMagic(Math.min(this.#filled, 4));
    throw new SluiceError('SLUICE_WAV_TRUNCATED', 'the WAV file ends inside its header', {
      expected: this.#format === undefined ? 'a format chunk and a data chunk' : 'a data chunk',
      received: `${this.#position} bytes`,
    });
  }

  #step(): WavHeader | undefined {
    switch (this.#state) {
      case 'riff':
        return this.#startRiff();
      case 'chunk':
        return this.#startChunk();
      case 'fmt ':
        this.#format = parseWavFormat(this.#body.subarray(0, this.#needed));
        break;
      case 'ds64':
        this.#riffBytes64 = readUint64(this.#view, 0);
        this.#dataBytes64 = readUint64(this.#view, 8);
        break;
      case 'fact':
        this.#samples = this.#view.getUint32(0, true) || undefined;
    }
    return this.#nextChunk();
  }

  #nextChunk(): undefined {
    this.#state = 'chunk';
    this.#needed = 8;
  }

  #checkMagic(length: number): void {
    const magic = text(this.#body, 0, length);
    if (['RIFF', 'RF64', 'BW64'].some((known) => known.startsWith(magic))) return;
    throw notWav(magic === 'RIFX' ? 'RIFX, the big-endian variant' : magic);
  }

  #startRiff(): undefined {
    this.#checkMagic(4);
    const form = text(this.#body, 8, 4);
    if (form !== 'WAVE') throw notWav(`a RIFF file of form ${form}`);
    this.#large = text(this.#body, 0, 4) !== 'RIFF';
    this.#riffBytes = this.#view.getUint32(4, true);
    this.#nextChunk();
  }

  #startChunk(): WavHeader | undefined {
    const id = text(this.#body, 0, 4);
    const size = this.#view.getUint32(4, true);
    if (id === 'data') return this.#finish(size);
    const padded = size + (size % 2);
    if (this.#position + padded > this.#limit)
      throw new SluiceError('SLUICE_WAV_HEADER_TOO_LARGE', 'the WAV header is too large', {
        expected: `audio within the first ${this.#limit} bytes`,
        received: `a chunk ${JSON.stringify(id)} of ${size} bytes at ${this.#position - 8}`,
      });
    this.#skip = padded;
    if (id === 'fmt ') this.#lookAt(id, Math.min(size, LONGEST_BODY));
    else if (id === 'ds64' && size >= 16) this.#lookAt(id, 16);
    else if (id === 'fact' && size >= 4) this.#lookAt(id, 4);
    return undefined;
  }

  #lookAt(state: 'fmt ' | 'ds64' | 'fact', bytes: number): void {
    if (bytes === 0) throw new SluiceError('SLUICE_WAV_FORMAT', 'the format chunk is empty');
    this.#state = state;
    this.#needed = bytes;
    this.#skip -= bytes;
  }

  #finish(size: number): WavHeader {
    if (this.#format === undefined)
      throw new SluiceError('SLUICE_WAV_FORMAT', 'the audio comes before its format', {
        expected: 'a format chunk before the data chunk',
      });
    const sizes = wavSizes({
      large: this.#large,
      data: size,
      riff: this.#riffBytes,
      data64: this.#dataBytes64,
      riff64: this.#riffBytes64,
      dataOffset: this.#position,
    });
    return { ...sizes, format: this.#format, dataOffset: this.#position, samples: this.#samples };
  }
}

function readUint64(view: DataView, offset: number): number {
  return view.getUint32(offset + 4, true) * 2 ** 32 + view.getUint32(offset, true);
}

function text(bytes: Uint8Array, offset: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + length));
}

function notWav(received: string): SluiceError {
  return new SluiceError('SLUICE_WAV_NOT_WAV', 'the file is not a WAV file', {
    expected: 'RIFF, RF64 or BW64 with the form WAVE',
    received,
    fix: 'Convert it to WAV, or read raw samples with fromPcm',
  });
}
