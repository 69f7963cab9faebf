import { checkKeys } from '../../check-keys.ts';
import { invalidArgument, outOfRange } from '../../errors.ts';
import { checkSampleRate } from '../../media/audio-format.ts';
import { powerOfTwo, transform } from './fourier.ts';
import { toDbfs } from './levels.ts';
import { fitSine, refineOmega } from './sine-fit.ts';

/** How far from its frequency {@link measureTone} looks for a tone. */
export interface MeasureToneOptions {
  /**
   * How far from `frequency` the tone is looked for, in Hz. 0 measures at exactly that frequency. Default: 1 % of it, at
   * least two bins of the analysed length.
   */
  readonly searchHz?: number;
}

/** A tone in a sound: level, frequency and what is beside it. */
export interface ToneMeasurement {
  /** Peak amplitude of the sine in dBFS: 0 is a sine that reaches full scale. */
  readonly amplitude: number;
  /** Power of the sine over the power of everything else but a constant offset, in dB. */
  readonly snr: number;
  /** Where the tone was found, in Hz. */
  readonly frequency: number;
}

/** Samples used to find the frequency coarsely: more costs time and adds nothing. */
const LONGEST_COARSE = 2 ** 18;

/**
 * Measures a tone in one channel by a least-squares sine fit without a window, so that an exact tone shows its whole
 * SNR (98 dB for a full-scale 16-bit sine) whether or not it ends on a whole period. The frequency is first looked for
 * around the expected one and refined together with amplitude, phase and offset. Everything that is not this sine
 * counts as noise: harmonics, clicks, gaps, a second tone, and any change of its amplitude or phase.
 *
 * @param samples one channel, at least 32 samples.
 * @param sampleRate Hz.
 * @param frequency the expected frequency in Hz, above 0 and below half the sample rate.
 */
export function measureTone(
  samples: Int16Array,
  sampleRate: number,
  frequency: number,
  options: MeasureToneOptions = {},
): ToneMeasurement {
  checkKeys<MeasureToneOptions>('measureTone', options, { searchHz: true });
  checkSampleRate(sampleRate);
  if (samples.length < 32) throw invalidArgument('samples', 'at least 32 samples', samples);
  if (!(frequency > 0 && frequency < sampleRate / 2))
    throw outOfRange('frequency', `above 0 and below ${sampleRate / 2} Hz`, frequency);
  const nominal = (2 * Math.PI * frequency) / sampleRate;
  const searchHz = options.searchHz ?? Math.max(0.01 * frequency, (2 * sampleRate) / samples.length);
  const omega = searchHz === 0 ? nominal : search(samples, nominal, (2 * Math.PI * searchHz) / sampleRate);
  const fit = fitSine(samples, omega);
  return {
    amplitude: toDbfs(fit.amplitude),
    snr: 10 * Math.log10(fit.amplitude ** 2 / 2 / fit.residual ** 2),
    frequency: (omega * sampleRate) / (2 * Math.PI),
  };
}

function search(samples: Int16Array, nominal: number, range: number): number {
  const middle = samples.length >> 1;
  let length = Math.min(samples.length, LONGEST_COARSE);
  const part = (size: number) => samples.subarray(middle - (size >> 1), middle - (size >> 1) + size);
  let omega = refineOmega(part(length), strongest(part(length), nominal, range));
  // The longer the signal, the finer the frequency, and the narrower the range from which the refinement converges.
  while (length < samples.length) {
    length = Math.min(samples.length, length * 4);
    omega = refineOmega(part(length), omega);
  }
  return Math.abs(omega - nominal) <= range ? omega : nominal;
}

/** The peak of a twice zero-padded spectrum within `nominal` +- `range`, in radians a sample. */
function strongest(samples: Int16Array, nominal: number, range: number): number {
  const size = 2 * powerOfTwo(samples.length);
  const real = new Float64Array(size);
  const imaginary = new Float64Array(size);
  real.set(samples);
  transform(real, imaginary);
  const bin = (2 * Math.PI) / size;
  const first = Math.max(1, Math.ceil((nominal - range) / bin));
  const last = Math.min(size / 2 - 1, Math.floor((nominal + range) / bin));
  let best = Math.round(nominal / bin);
  for (let index = first; index <= last; index++)
    if (Math.hypot(real[index]!, imaginary[index]!) > Math.hypot(real[best]!, imaginary[best]!)) best = index;
  return best * bin;
}
