import { type ErrorDetails, isSluiceError, SluiceError } from '../errors.ts';

/**
 * What helps against a fault of a model. `retry`: the same again may do at once. `wait`: later, see `retryAfterMs`.
 * `give-up`: nothing will until somebody changes something, a key for example. `fall-back`: this model is lost, another
 * may do.
 */
export const errorCategories = ['retry', 'wait', 'give-up', 'fall-back'] as const;
export type ErrorCategory = (typeof errorCategories)[number];

export interface VoiceErrorDetails extends ErrorDetails {
  /** The model, as its `name` says. */
  readonly model: string;
  readonly category: ErrorCategory;
  /** With `wait`: how long, in milliseconds, if the service said. */
  readonly retryAfterMs?: number;
}

/** A fault of a model or of the service behind it. */
export interface VoiceError extends SluiceError<'SLUICE_VOICE_MODEL'> {
  readonly model: string;
  readonly category: ErrorCategory;
  readonly retryAfterMs?: number;
}

/** The error for a fault of a model. Never put a key into its texts. */
export function voiceError(what: string, details: VoiceErrorDetails): VoiceError {
  const { model, category, retryAfterMs, ...rest } = details;
  const error = new SluiceError('SLUICE_VOICE_MODEL', `${model}: ${what}`, rest);
  return Object.assign(error, { model, category, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
}

export function isVoiceError(error: unknown): error is VoiceError {
  return isSluiceError(error) && error.code === 'SLUICE_VOICE_MODEL';
}

/** What helps against an error: its own word, or `fall-back` for one that does not say. */
export function categoryOf(error: unknown): ErrorCategory {
  return isVoiceError(error) ? error.category : 'fall-back';
}
