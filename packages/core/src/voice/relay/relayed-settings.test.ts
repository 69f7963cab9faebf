import { expect, expectTypeOf, it } from 'vitest';
import { defineVoiceModel, type SettingsOf } from '../define-voice-model.ts';
import { fakeRecognizer } from '../fakes/fake-recognizer.ts';
import type { LanguageModel } from '../language-model.ts';
import { fallback } from './fallback.ts';
import { swappable } from './swappable.ts';

interface Manner {
  readonly warmth: number;
}

const mind = (name: string, warmth: number): LanguageModel<Manner> =>
  defineVoiceModel({
    kind: 'language-model',
    name,
    latencyMs: 0,
    settings: { warmth },
    start: () => ({ write: () => {} }),
  });

it('keeps the type of the settings that the first model has', async () => {
  const both = fallback(mind('first', 1), mind('second', 2), { recoverMs: 10 });
  expectTypeOf(both).toEqualTypeOf<LanguageModel<Manner>>();
  expectTypeOf<SettingsOf<typeof both>>().toEqualTypeOf<Manner>();
  const session = await both.open({ settings: { warmth: 3 } });
  expectTypeOf(session.settings).toEqualTypeOf<Readonly<Manner>>();
  session.update({ warmth: 4 });
  // @ts-expect-error another setting
  expect(() => session.update({ cold: 4 })).toThrow(/cold/);
  // @ts-expect-error of another type
  await (await both.open({ settings: { warmth: 'much' } })).close();
  expect(session.settings.warmth).toBe(4);
  await session.close();
});

it('keeps it where the model may be replaced, also by one of several', async () => {
  const model = swappable(fallback(mind('first', 1)));
  expectTypeOf(model).toExtend<LanguageModel<Manner>>();
  expectTypeOf<SettingsOf<typeof model>>().toEqualTypeOf<Manner>();
  const session = await model.open({ settings: { warmth: 5 } });
  expectTypeOf(session.settings.warmth).toEqualTypeOf<number>();
  expect(session.settings.warmth).toBe(5);
  await model.use(mind('next', 7), { settings: { warmth: 8 } });
  // @ts-expect-error settings of `use` are those of the next
  await expect(model.use(mind('next', 7), { settings: { cold: 8 } })).rejects.toThrow(/cold/);
  await session.close();
});

it('takes others of the same kind, with settings of their own, and none of another kind', () => {
  // @ts-expect-error a recogniser is no language model
  expect(() => fallback(mind('first', 1), fakeRecognizer())).toThrow(/model 2/);
  const other = defineVoiceModel({
    kind: 'language-model',
    name: 'other',
    latencyMs: 0,
    settings: { speed: 1 },
    start: () => ({ write: () => {} }),
  });
  expectTypeOf(fallback(mind('first', 1), other)).toEqualTypeOf<LanguageModel<Manner>>();
  // A model of which nothing is known has settings of which nothing is known.
  expectTypeOf<SettingsOf<LanguageModel>>().toEqualTypeOf<unknown>();
});
