import { type AudioFormat, describeAudioFormat } from './audio-format.ts';
import type { ColorFormat } from './color-format.ts';
import { describeVideoFormat, type VideoFormat } from './video-format.ts';

/** The exact format of what leaves a port: rate and channels of sound, size and colours of pictures, the kind of anything else. */
export type MediaFormat =
  | ({ readonly kind: 'audio' } & AudioFormat)
  | ({ readonly kind: 'video' } & VideoFormat)
  | {
      /** What else it is: the kind of its frames. */
      readonly kind: OtherKind;
    };

/** What a port takes: each field is a value, a list to choose from (first is preferred), or absent for anything. */
export type MediaConstraint =
  | {
      readonly kind: 'audio';
      /** In Hz. */
      readonly sampleRate?: Allowed<number>;
      /** How many there may be, 1 to 64. A graph mixes down or up to the first. */
      readonly channels?: Allowed<number>;
    }
  | {
      readonly kind: 'video';
      /** In pixels. A graph makes no picture larger or smaller: put `scale` before the port. */
      readonly width?: Allowed<number>;
      /** In pixels, as `width`. */
      readonly height?: Allowed<number>;
      /** The order of the colours in the bytes. A graph converts to the first. */
      readonly format?: Allowed<ColorFormat>;
    }
  | {
      /** What else it takes: frames of that kind, or of `any`. */
      readonly kind: OtherKind;
    };

/** A value, or a list of which the first is preferred. */
export type Allowed<T> = T | readonly T[];

/** Kinds without negotiated fields, text for example. `any` takes every kind. */
export type OtherKind = 'any' | (string & {});

/** Formats of sound that a port accepts; what is left out may be anything. */
export type AudioConstraint = Extract<MediaConstraint, { readonly kind: 'audio' }>;
/** A format of sound, of the formats of media. */
export type AudioMediaFormat = Extract<MediaFormat, { readonly kind: 'audio' }>;
/** Formats of pictures that a port accepts; what is left out may be anything. */
export type VideoConstraint = Extract<MediaConstraint, { readonly kind: 'video' }>;
/** A format of pictures, of the formats of media. */
export type VideoMediaFormat = Extract<MediaFormat, { readonly kind: 'video' }>;

/** Whether it is a format of sound, with `sampleRate` and `channels`. False for undefined, a format that is not known yet. */
export function isAudioFormat(format: MediaFormat | undefined): format is AudioMediaFormat {
  return format !== undefined && 'sampleRate' in format;
}

/** Whether it is a format of pictures, with `width`, `height` and `format`. False for undefined, a format that is not known yet. */
export function isVideoFormat(format: MediaFormat | undefined): format is VideoMediaFormat {
  return format !== undefined && 'width' in format;
}

export function isAudioConstraint(constraint: MediaConstraint | undefined): constraint is AudioConstraint {
  return constraint?.kind === 'audio';
}

export function isVideoConstraint(constraint: MediaConstraint | undefined): constraint is VideoConstraint {
  return constraint?.kind === 'video';
}

/** Whether a field's value is among those a constraint allows. */
export function allows<T extends number | string>(constraint: Allowed<T> | undefined, value: T): boolean {
  return constraint === undefined || choices(constraint).includes(value);
}

/** Whether `format` may enter a port with `constraint`. */
export function satisfies(format: MediaFormat, constraint: MediaConstraint | undefined): boolean {
  if (constraint === undefined || constraint.kind === 'any' || format.kind === 'any') return true;
  if (format.kind !== constraint.kind) return false;
  if (isAudioFormat(format) && isAudioConstraint(constraint))
    return allows(constraint.sampleRate, format.sampleRate) && allows(constraint.channels, format.channels);
  if (isVideoFormat(format) && isVideoConstraint(constraint))
    return sizeSatisfies(format, constraint) && allows(constraint.format, format.format);
  return true;
}

/** Whether a picture of this size may enter, whatever its colours. */
export function sizeSatisfies(format: VideoMediaFormat, constraint: VideoConstraint): boolean {
  return allows(constraint.width, format.width) && allows(constraint.height, format.height);
}

/** Whether two formats are one: what leaves the one port enters the other unconverted. */
export function sameFormat(a: MediaFormat, b: MediaFormat): boolean {
  return describeFormat(a) === describeFormat(b);
}

/** The value nearest to what the constraint wants: the present one if allowed, else the preferred one. */
export function prefer<T extends number | string>(constraint: Allowed<T> | undefined, value: T): T {
  if (constraint === undefined || allows(constraint, value)) return value;
  return choices(constraint)[0] ?? value;
}

/** `audio s16 48000 Hz stereo`, `video 1280x720 I420`, or the kind alone. */
export function describeFormat(format: MediaFormat): string {
  if (isAudioFormat(format)) return `audio ${describeAudioFormat(format)}`;
  return isVideoFormat(format) ? `video ${describeVideoFormat(format)}` : format.kind;
}

/** `audio 16000 Hz, 1 channel(s)` or `video 640 wide, 360 high, RGBA|I420`, with alternatives between bars. */
export function describeConstraint(constraint: MediaConstraint | undefined): string {
  if (constraint === undefined) return 'any';
  const parts: string[] = [];
  const add = (allowed: Allowed<number | string> | undefined, unit: string) => {
    if (allowed !== undefined) parts.push(`${choices(allowed).join('|')}${unit}`);
  };
  if (isAudioConstraint(constraint)) {
    add(constraint.sampleRate, ' Hz');
    add(constraint.channels, ' channel(s)');
  } else if (isVideoConstraint(constraint)) {
    add(constraint.width, ' wide');
    add(constraint.height, ' high');
    add(constraint.format, '');
  }
  return [constraint.kind, parts.join(', ')].join(' ').trim();
}

function choices<T extends number | string>(allowed: Allowed<T>): readonly T[] {
  return Array.isArray(allowed) ? allowed : [allowed as T];
}
