import { checkKeys } from '../../check-keys.ts';
import { invalidArgument } from '../../errors.ts';
import type { SettingsOf, VoiceModels } from '../define-voice-model.ts';
import { type Accepts, isVoiceModel, type ModelSwitch, type OpenOptions } from '../model.ts';
import { checkRelayed, combinedModel, type RelayedKind, type RelayedModel } from './combined-model.ts';
import { type AnyModel, openRelay } from './open-relay.ts';
import { type Own, Seat } from './seat.ts';

export interface SwappableOptions {
  /** Told of each change of each session. */
  readonly onSwitch?: (change: ModelSwitch) => void;
}

/** What a swappable model can do beside what its kind can. */
export interface Swap<K extends RelayedKind> {
  /**
   * Goes on with another model in all sessions, and in those that are opened from now on. Resolves when each has it open:
   * requests that are under way then are finished by the old one, later ones go to the new. A recogniser hears its stretch
   * to the end first, 10 s at most. When the next cannot be had everything stays as it is, and this rejects.
   *
   * @throws TypeError for another kind of model, and for ears that do not hear the rate that is written
   * @throws VoiceError when the next model cannot be had
   */
  use<Settings extends object>(
    next: VoiceModels<Settings>[K],
    own?: { readonly settings?: Partial<Settings>; readonly secrets?: Readonly<Record<string, string>> },
  ): Promise<void>;
}

/**
 * A model that can be replaced by another of its kind while sessions run. Nothing is asked twice, told twice or lost by
 * it. `name` and facts are those of the model in use, so `produces` and `latencyMs` may change; `accepts` stays the first's, as a
 * graph converts to it. Settings of `open` are those of the model in use then. It adds no latency.
 *
 * @example
 * const voice = swappable(flite());
 * const agent = voiceAgent(bot, { ...models, hears, speaks, synthesizer: voice });
 * await voice.use(elevenLabsSpeech({ voice: 'JBFqnCBsd6RMkjVDRZzb' }));
 * @throws TypeError for what is no model, and for options that do not exist
 * @see fallback for models that take over by themselves
 */
export function swappable<M extends RelayedModel>(
  model: M,
  options: SwappableOptions = {},
): VoiceModels<SettingsOf<M>>[M['kind']] & Swap<M['kind']> {
  if (!isVoiceModel(model)) throw invalidArgument('model', 'a model of a voice kind', model);
  checkKeys<SwappableOptions>('swappable', options, { onSwitch: true });
  checkRelayed(model.kind);
  const { kind } = model;
  const { accepts } = model as { accepts?: Accepts };
  const seats = new Set<Seat>();
  let using = { model: model as unknown as AnyModel, own: {} as Own };
  /** The one whose facts hold: ears that hear a stretch to the end are in use until another takes over, or they are closed. */
  const inUse = (): AnyModel => {
    const models = [...seats].map((seat) => seat.model);
    return models.includes(using.model) ? using.model : (models[0] ?? using.model);
  };

  const open = ({ onSwitch, settings, secrets, ...rest }: OpenOptions<object> = {}) => {
    const given: Own = { ...(settings && { settings }), ...(secrets && { secrets }) };
    const own = settings === undefined && secrets === undefined ? using.own : given;
    return openRelay({ kind, name: using.model.name }, rest, (context) => {
      const told = (change: ModelSwitch) => {
        options.onSwitch?.(change);
        onSwitch?.(change);
      };
      const seat: Seat = new Seat(context, { model: using.model, own, told, left: () => seats.delete(seat) });
      seats.add(seat);
      return seat;
    });
  };

  async function use(next: AnyModel, own: Own = {}): Promise<void> {
    if (!isVoiceModel(next, kind)) throw invalidArgument('use', `a ${kind}`, next);
    checkKeys<Own>('use', own, { settings: true, secrets: true });
    const live = [...seats];
    for (const seat of live) seat.check(next);
    const opened = await Promise.allSettled(live.map((seat) => seat.open(next, own)));
    const refused = opened.find((one) => one.status === 'rejected');
    if (refused !== undefined) {
      for (const one of opened) if (one.status === 'fulfilled') void one.value.close().catch(() => {});
      throw refused.reason;
    }
    using = { model: next, own };
    for (const [index, one] of opened.entries()) if (one.status === 'fulfilled') live[index]!.use(next, one.value);
  }

  const combined = combinedModel({
    kind,
    name: () => inUse().name,
    using: inUse,
    ...(accepts && { accepts }),
    open,
    prefetch: (given) => using.model.prefetch(given),
  });
  return Object.assign(combined, { use }) as unknown as VoiceModels<SettingsOf<M>>[M['kind']] & Swap<M['kind']>;
}
