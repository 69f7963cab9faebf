import { VOICE_CONTRACT, VOICE_MODEL, type VoiceKind, type VoiceModel } from '../../voice/model.ts';

/** A model of whatever kind. */
export type AnyModel = VoiceModel<VoiceKind, object, object, object>;

/** Everything that a model says of itself: its kind, its name, what it accepts, how late it is. */
export function factsOfModel(model: AnyModel): Record<string, unknown> {
  return Object.fromEntries(Object.entries(model).filter(([, value]) => typeof value !== 'function'));
}

/** The same as a model's fields. */
export function asModel(facts: Readonly<Record<string, unknown>>): Record<string | symbol, unknown> {
  return { [VOICE_MODEL]: VOICE_CONTRACT, ...facts };
}
