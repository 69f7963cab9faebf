import { checkKeys } from '../../check-keys.ts';
import { invalidArgument, outOfRange } from '../../errors.ts';
import type { SettingsOf, VoiceModels } from '../define-voice-model.ts';
import { isVoiceModel, type ModelSwitch, type OpenOptions } from '../model.ts';
import { checkRelayed, combinedModel, type RelayedKind, type RelayedModel } from './combined-model.ts';
import { commonSound } from './common-sound.ts';
import { Health } from './health.ts';
import { type AnyModel, openRelay } from './open-relay.ts';
import { prefetchAll } from './prefetch-all.ts';
import { Route } from './route.ts';

export interface FallbackOptions {
  /** After so long a model that had a fault is tried again before those behind it, in milliseconds. Default 60,000. */
  readonly recoverMs?: number;
  /** Told of each change of each session. */
  readonly onSwitch?: (change: ModelSwitch) => void;
  /** 0 to 1, for the pause before the same model is tried once more. Default: that of `open`, in a graph the graph's. */
  readonly random?: () => number;
}

type Model<K extends RelayedKind> = VoiceModels<unknown>[K];

/**
 * A model that is the first of several which works; of a single one it is one that is tried again. By what helps against a fault (`category`): `retry` asks the same once
 * more, 100 to 200 ms later; `wait` too, when it is a second at most; otherwise, and for all others, the next is asked and
 * the one with the fault rests for `recoverMs`, or longer if it said so. Unanswered requests are written to the next in
 * their order; one that was partly told is not begun again and ends with `failed`. A recogniser is given the sound since
 * its last final again, 30 s at most, so that no word is lost; what a detector says twice is told once. When none is left
 * the error names all that were tried. Each session goes back to a model that has rested, between requests or stretches.
 *
 * Settings and secrets of `open` are the first's; the others have their defaults. `accepts` is what all of them hear;
 * `produces`, `words` and `latencyMs` are those of the model that is asked now. It adds no latency.
 *
 * @example
 * const ears = fallback(deepgramListen(), pocketsphinx(), { onSwitch: ({ from, to }) => console.warn(`${from} -> ${to}`) });
 * @throws TypeError for models of different kinds, for ears without a rate in common, for options that do not exist
 * @see swappable to change a model on purpose
 */
export function fallback<M extends RelayedModel>(
  first: M,
  ...others: readonly Model<M['kind']>[] | readonly [...Model<M['kind']>[], FallbackOptions]
): VoiceModels<SettingsOf<M>>[M['kind']] {
  const last = others.at(-1) ?? {};
  const options = (isVoiceModel(last) ? {} : last) as FallbackOptions;
  const models = [first, ...(isVoiceModel(last) ? others : others.slice(0, -1))] as unknown as readonly AnyModel[];
  checkKeys<FallbackOptions>('fallback', options, { recoverMs: true, onSwitch: true, random: true });
  const { recoverMs = 60_000 } = options;
  if (!(recoverMs >= 0)) throw outOfRange('fallback.recoverMs', '0 or more', recoverMs);
  for (const [index, model] of models.entries())
    if (!isVoiceModel(model, first?.kind)) throw invalidArgument(`model ${index + 1}`, `a ${first?.kind}`, model);

  checkRelayed(first.kind);

  const health = new Health(models.length);
  const { kind } = first;
  const name = models.map((model) => model.name).join('-or-');
  let using = models[0]!;
  const open = ({ onSwitch, settings = {}, secrets = {}, ...rest }: OpenOptions<object> = {}) =>
    openRelay({ kind, name }, rest, (context) => {
      const told = (change: ModelSwitch) => {
        using = models.find((model) => model.name === change.to) ?? using;
        options.onSwitch?.(change);
        onSwitch?.(change);
      };
      const random = options.random ?? context.random;
      return new Route(context, { models, health, recoverMs, random, first: { settings, secrets }, onSwitch: told });
    });
  return combinedModel({
    kind,
    name: () => name,
    using: () => using,
    ...commonSound(models),
    open,
    prefetch: (given) => prefetchAll(name, models, given),
  }) as unknown as VoiceModels<SettingsOf<M>>[M['kind']];
}
