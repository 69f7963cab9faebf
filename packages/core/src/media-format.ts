import { type AudioFormat, describeAudioFormat } from './audio-format.ts';

/** The exact format of what leaves a port. */
export type MediaFormat = ({ readonly kind: 'audio' } & AudioFormat) | { readonly kind: OtherKind };

/** What a port takes: each field is a value, a list to choose from (first is preferred), or absent for anything. */
export type MediaConstraint =
  | {
      readonly kind: 'audio';
      readonly sampleRate?: number | readonly number[];
      readonly channels?: number | readonly number[];
    }
  | { readonly kind: OtherKind };

/** Kinds without negotiated fields, text for example. `any` takes every kind. */
export type OtherKind = 'any' | (string & {});

export type AudioConstraint = Extract<MediaConstraint, { readonly sampleRate?: unknown }>;
export type AudioMediaFormat = Extract<MediaFormat, { readonly sampleRate: number }>;

export function isAudioFormat(format: MediaFormat | undefined): format is AudioMediaFormat {
  return format !== undefined && 'sampleRate' in format;
}

export function isAudioConstraint(constraint: MediaConstraint | undefined): constraint is AudioConstraint {
  return constraint?.kind === 'audio';
}

/** Whether a field's value is among those a constraint allows. */
export function allows(constraint: number | readonly number[] | undefined, value: number): boolean {
  if (constraint === undefined) return true;
  return typeof constraint === 'number' ? constraint === value : constraint.includes(value);
}

/** Whether `format` may enter a port with `constraint`. */
export function satisfies(format: MediaFormat, constraint: MediaConstraint | undefined): boolean {
  if (constraint === undefined || constraint.kind === 'any' || format.kind === 'any') return true;
  if (format.kind !== constraint.kind) return false;
  if (!isAudioFormat(format) || !isAudioConstraint(constraint)) return true;
  return allows(constraint.sampleRate, format.sampleRate) && allows(constraint.channels, format.channels);
}

/** The value nearest to what the constraint wants: the present one if allowed, else the preferred one. */
export function prefer(constraint: number | readonly number[] | undefined, value: number): number {
  if (allows(constraint, value)) return value;
  return typeof constraint === 'number' ? constraint : (constraint?.[0] ?? value);
}

/** `audio s16 48000 Hz stereo`, or the kind alone. */
export function describeFormat(format: MediaFormat): string {
  return isAudioFormat(format) ? `audio ${describeAudioFormat(format)}` : format.kind;
}

/** `audio 16000 Hz, 1 channel` with alternatives as `16000|48000`. */
export function describeConstraint(constraint: MediaConstraint | undefined): string {
  if (constraint === undefined) return 'any';
  if (!isAudioConstraint(constraint)) return constraint.kind;
  const parts: string[] = [];
  if (constraint.sampleRate !== undefined) parts.push(`${[constraint.sampleRate].flat().join('|')} Hz`);
  if (constraint.channels !== undefined) parts.push(`${[constraint.channels].flat().join('|')} channel(s)`);
  return parts.length === 0 ? 'audio' : `audio ${parts.join(', ')}`;
}
