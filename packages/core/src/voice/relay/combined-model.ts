import { invalidArgument } from '../../errors.ts';
import type { VoiceModels } from '../define-voice-model.ts';
import { type Accepts, type PrefetchOptions, VOICE_CONTRACT, VOICE_MODEL, type VoiceKind } from '../model.ts';
import { bindsItself } from '../open-in-time.ts';
import type { AnyModel } from './open-relay.ts';

/** What a kind says of its models beside what all of them say. */
const facts = ['accepts', 'produces', 'latencyMs', 'words', 'turns'] as const;

/** Kinds that are told all they need with each request or stretch. A speech model has the conversation in itself. */
export type RelayedKind = Exclude<VoiceKind, 'speech-model'>;
/** A model of such a kind, whatever its settings. */
export type RelayedModel = VoiceModels<unknown>[RelayedKind];

/** Refuses a kind of which nobody else could go on with a session. */
export function checkRelayed(kind: VoiceKind): void {
  if (kind !== 'speech-model') return;
  throw invalidArgument('model', 'of another kind: the conversation is in a speech model, begin it anew', kind);
}

export interface Combined {
  readonly kind: VoiceKind;
  readonly name: () => string;
  /** The model that is asked now: facts are its facts. */
  readonly using: () => AnyModel;
  /** Instead of its own. */
  readonly accepts?: Accepts;
  readonly open: AnyModel['open'];
  readonly prefetch: (options?: PrefetchOptions) => Promise<void>;
}

/** A model whose facts are those of the one behind it. */
export function combinedModel({ kind, name, using, accepts, open, prefetch }: Combined): AnyModel {
  const model = { [VOICE_MODEL]: VOICE_CONTRACT, kind, open, prefetch };
  Object.defineProperty(model, 'name', { get: name, enumerable: true });
  for (const fact of facts) {
    // That a recogniser judges turns is left out by those that do not.
    if (!(fact in using() || (fact === 'turns' && kind === 'recognizer'))) continue;
    const get = () => (fact === 'accepts' && accepts) || (using() as unknown as Record<string, unknown>)[fact];
    Object.defineProperty(model, fact, { get, enumerable: true });
  }
  return bindsItself(model as unknown as AnyModel);
}
