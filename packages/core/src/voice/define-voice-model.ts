import { checkKeys, type KeysOf } from '../check-keys.ts';
import { invalidArgument } from '../errors.ts';
import { realClock } from '../time/real-clock.ts';
import type { LanguageModel } from './language-model.ts';
import { ManagedSession } from './managed-session.ts';
import {
  type OpenOptions,
  type PrefetchOptions,
  VOICE_CONTRACT,
  VOICE_MODEL,
  type VoiceKind,
  type VoiceModel,
  type VoiceSession,
  voiceKinds,
} from './model.ts';
import type { Recognizer } from './recognizer.ts';
import type { SessionContext, SessionHandlers } from './session.ts';
import type { SpeechModel } from './speech-model.ts';
import type { Synthesizer } from './synthesizer.ts';
import type { TurnDetector } from './turn-detector.ts';
import type { VoiceDetector } from './voice-detector.ts';
import { voiceError } from './voice-error.ts';

/** The model of each kind. */
export interface VoiceModels<Settings> {
  readonly recognizer: Recognizer<Settings>;
  readonly synthesizer: Synthesizer<Settings>;
  readonly 'language-model': LanguageModel<Settings>;
  readonly 'speech-model': SpeechModel<Settings>;
  readonly 'voice-detector': VoiceDetector<Settings>;
  readonly 'turn-detector': TurnDetector<Settings>;
}

/** What is written to a model of a kind, and what it tells. */
export type ItemOf<K extends VoiceKind> =
  VoiceModels<unknown>[K] extends VoiceModel<K, infer I, unknown, unknown> ? I : never;
export type EventOf<K extends VoiceKind> =
  VoiceModels<unknown>[K] extends VoiceModel<K, never, infer E, unknown> ? E : never;

/** The settings of a model: `SettingsOf<typeof voice>`. Unknown of one of which nothing else is known. */
export type SettingsOf<M> = M extends VoiceModel<VoiceKind, never, unknown, infer Settings> ? Settings : never;

/** The keys of `OpenOptions`. */
export const openKeys = {
  signal: true,
  clock: true,
  random: true,
  settings: true,
  secrets: true,
  onSwitch: true,
} as const satisfies KeysOf<OpenOptions<unknown>>;

type Facts<K extends VoiceKind, Settings> = Omit<
  VoiceModels<Settings>[K],
  keyof VoiceModel<K, unknown, unknown, Settings>
>;

export type VoiceModelDefinition<K extends VoiceKind, Settings> = Facts<K, Settings> & {
  readonly kind: K;
  /** Lower case, as messages show it: `flite`. */
  readonly name: string;
  /** All settings with their defaults: other keys are refused. */
  readonly settings: Settings;
  /** Throws at once for values that are not valid. */
  readonly checkSettings?: (settings: Settings) => void;
  /** Names of the secrets without which it cannot start. */
  readonly secrets?: readonly string[];
  readonly prefetch?: (options: PrefetchOptions) => Promise<void>;
  readonly start: (
    context: SessionContext<EventOf<K>, Settings>,
  ) => SessionHandlers<ItemOf<K>> | Promise<SessionHandlers<ItemOf<K>>>;
};

/**
 * Makes a model of what only its author knows. What holds for all is done here: unknown settings and missing secrets are
 * refused, events of cancelled epochs and of closed sessions are dropped, an abort closes, a fault is attributed.
 *
 * @example
 * const shout = defineVoiceModel({
 *   kind: 'language-model', name: 'shout', latencyMs: 0, settings: { mark: '!' },
 *   start: ({ emit, settings }) => ({
 *     write({ id, epoch, messages }) {
 *       emit({ type: 'text', id, epoch, text: messages.at(-1)!.text.toUpperCase() + settings.mark });
 *       emit({ type: 'finished', id, epoch });
 *     },
 *   }),
 * });
 */
export function defineVoiceModel<K extends VoiceKind, Settings extends object>(
  definition: VoiceModelDefinition<K, Settings>,
): VoiceModels<Settings>[K] {
  const { kind, name, settings: defaults, checkSettings, secrets: needed = [], prefetch, start, ...facts } = definition;
  if (!voiceKinds.includes(kind)) throw invalidArgument('kind', `one of ${voiceKinds.join(', ')}`, kind);
  if (typeof name !== 'string' || !/^[a-z][a-z0-9-]*$/.test(name))
    throw invalidArgument('name', 'lower-case letters, digits and hyphens', name);
  if (typeof start !== 'function') throw invalidArgument(`${name}.start`, 'a function that returns handlers', start);

  const settled = (given: Partial<Settings>, base: Settings): Settings => {
    checkKeys<Settings>(name, given, defaults as never);
    const settings = { ...base, ...given };
    checkSettings?.(settings);
    return settings;
  };

  async function open(options: OpenOptions<Settings> = {}): Promise<VoiceSession<ItemOf<K>, EventOf<K>, Settings>> {
    checkKeys<OpenOptions<Settings>>(`${name}.open`, options, openKeys);
    const { signal, clock = realClock, random = Math.random, settings = {}, secrets = {} } = options;
    const missing = needed.filter((key) => !secrets[key]);
    if (missing.length > 0)
      throw voiceError('a secret is missing', {
        model: name,
        category: 'give-up',
        expected: missing.join(' and '),
        fix: `Give it to open({ secrets: { ${missing.join(', ')} } })`,
      });
    signal?.throwIfAborted();
    const session = new ManagedSession<ItemOf<K>, EventOf<K>, Settings>(name, settled(settings, defaults), settled);
    await session.start(start, { clock, random, secrets, signal });
    return session;
  }

  // The facts of a kind are what its definition has beside the shared keys.
  const model = {
    [VOICE_MODEL]: VOICE_CONTRACT,
    kind,
    name,
    ...facts,
    open,
    prefetch: async (options: PrefetchOptions = {}) => prefetch?.(options),
  };
  return Object.freeze(model) as unknown as VoiceModels<Settings>[K];
}
