import { invalidArgument } from '../errors.ts';

/** How many channels there are, and which speakers they are meant for, a bit each. */
export interface ChannelLayout {
  readonly channels: number;
  readonly channelMask?: number | undefined;
}

/**
 * The speakers that channels can be meant for, in the order of their bits in a channel mask, which is also the order of
 * the channels: front left, front right, front centre, low frequencies, back left, back right, left and right of the
 * centre, back centre, side left, side right, top centre, top front left, centre and right, top back left, centre and
 * right. The mask is that of WAVE files (`dwChannelMask`).
 */
export const speakers = [
  'FL',
  'FR',
  'FC',
  'LFE',
  'BL',
  'BR',
  'FLC',
  'FRC',
  'BC',
  'SL',
  'SR',
  'TC',
  'TFL',
  'TFC',
  'TFR',
  'TBL',
  'TBC',
  'TBR',
] as const;
/** A loudspeaker position, as WAVE names them: `FL` is front left. */
export type Speaker = (typeof speakers)[number];

/** Masks of channels that say nothing about their speakers, by their count: mono, stereo, 3.0, quad, 5.0, 5.1, 6.1, 7.1. */
const defaultMasks = [0, 0x4, 0x3, 0x7, 0x33, 0x37, 0x3f, 0x70f, 0x63f] as const;

/** The speakers that are assumed for so many channels where nobody says it; undefined for more than 8. */
export function defaultChannelMask(channels: number): number | undefined {
  return defaultMasks[channels];
}

/**
 * The mask of some speakers: `channelMaskOf(['FL', 'FR', 'LFE'])` is 2.1.
 * @throws TypeError at once for what is no list of speakers, each once.
 */
export function channelMaskOf(list: readonly Speaker[]): number {
  const rule = `a list of speakers, each once: ${speakers.join(', ')}`;
  if (!Array.isArray(list) || new Set(list).size !== list.length) throw invalidArgument('speakers', rule, list);
  return list.reduce((mask, speaker) => {
    if (!speakers.includes(speaker)) throw invalidArgument('speakers', rule, speaker);
    return mask | (1 << speakers.indexOf(speaker));
  }, 0);
}

/** Which speaker each channel is meant for; undefined where that is not known. A single channel is mono, whatever it says. */
export function channelSpeakers(format: ChannelLayout): readonly Speaker[] | undefined {
  const mask = layoutMask(format);
  return mask === undefined ? undefined : speakers.filter((_, bit) => (mask >> bit) & 1);
}

/** Whether both have as many channels, for the same speakers. */
export function sameChannelLayout(a: ChannelLayout, b: ChannelLayout): boolean {
  return a.channels === b.channels && (a.channelMask === b.channelMask || layoutMask(a) === layoutMask(b));
}

/** Refuses a mask that does not name one speaker for each channel. */
export function checkChannelMask(mask: number, channels: number, name = 'channelMask'): void {
  if (countBits(mask) !== channels)
    throw invalidArgument(name, `a mask with a bit for each of ${channels} channels, as of channelMaskOf`, mask);
}

function layoutMask({ channels, channelMask = defaultMasks[channels] }: ChannelLayout): number | undefined {
  if (channels === 1) return defaultMasks[1];
  return channelMask !== undefined && countBits(channelMask) === channels ? channelMask : defaultMasks[channels];
}

/** Of speakers that have a name; 0 for what is no mask. */
function countBits(mask: number): number {
  if (!Number.isInteger(mask) || mask < 0 || mask >= 1 << speakers.length) return 0;
  let bits = 0;
  for (let rest = mask; rest > 0; rest >>= 1) bits += rest & 1;
  return bits;
}
