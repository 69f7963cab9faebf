import { invalidArgument } from '../../errors.ts';
import type { Accepts } from '../model.ts';
import type { AnyModel } from './open-relay.ts';

/** What all of several models hear, as the first prefers it; nothing for models that hear nothing. */
export function commonSound(models: readonly AnyModel[]): { readonly accepts?: Accepts } {
  const all = models.map((model) => (model as { accepts?: Accepts }).accepts);
  const [first] = all;
  if (first === undefined) return {};
  const isCommon = (key: keyof Accepts) => (value: number) => all.every((accepts) => accepts![key].includes(value));
  const accepts = {
    sampleRates: first.sampleRates.filter(isCommon('sampleRates')),
    channels: first.channels.filter(isCommon('channels')),
  };
  if (accepts.sampleRates.length === 0 || accepts.channels.length === 0)
    throw invalidArgument(
      'fallback',
      'models with a sample rate and a channel count in common',
      models.map(({ name }, index) => `${name}: ${describeSound(all[index]!)}`).join('; '),
    );
  return { accepts };
}

/** `16000, 8000 Hz, 1 channel(s)`. */
export function describeSound({ sampleRates, channels }: Accepts): string {
  return `${sampleRates.join(', ')} Hz, ${channels.join(', ')} channel(s)`;
}
