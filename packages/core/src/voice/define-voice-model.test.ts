import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../time/virtual-clock.ts';
import { defineVoiceModel } from './define-voice-model.ts';
import { isVoiceModel } from './model.ts';
import type { SessionContext } from './session.ts';
import type { SpeechRequest, SynthesizerEvent } from './synthesizer.ts';
import { categoryOf, isVoiceError, voiceError } from './voice-error.ts';

interface Settings {
  readonly speed: number;
}
type Context = SessionContext<SynthesizerEvent, Settings>;

/** A synthesizer whose insides the test holds. */
function held(inside: { write?: (request: SpeechRequest) => void | Promise<void>; start?: () => void } = {}) {
  const seen = { closed: 0, cancelled: [] as number[], updated: 0 };
  let context: Context | undefined;
  const model = defineVoiceModel({
    kind: 'synthesizer',
    name: 'held',
    produces: { sampleRate: 16_000, channels: 1 },
    latencyMs: 0,
    words: false,
    settings: { speed: 1 } as Settings,
    checkSettings: ({ speed }) => {
      if (!(speed > 0)) throw new RangeError(`speed is ${speed}`);
    },
    secrets: ['apiKey'],
    start: (given) => {
      context = given;
      inside.start?.();
      return {
        write: inside.write ?? (() => {}),
        onUpdate: () => void seen.updated++,
        onCancel: (epoch) => void seen.cancelled.push(epoch),
        close: () => void seen.closed++,
      };
    },
  });
  return { model, seen, context: () => context! };
}
const secrets = { apiKey: 'sk-very-secret' };
const finished = (id: string, epoch = 0): SynthesizerEvent => ({ type: 'finished', id, epoch });
const read = async (session: AsyncIterable<SynthesizerEvent>) => {
  const ids: string[] = [];
  for await (const event of session) ids.push(event.id);
  return ids;
};

describe('a model', () => {
  it('is known by its brand and kind, not by its class', () => {
    const { model } = held();
    expect(isVoiceModel(model, 'synthesizer')).toBe(true);
    expect(isVoiceModel(model, 'recognizer')).toBe(false);
    for (const other of [undefined, null, {}, { kind: 'synthesizer' }, 'held']) expect(isVoiceModel(other)).toBe(false);
  });

  it('refuses what it does not know, at once', async () => {
    const { model } = held();
    await expect(model.open({ secrets, settings: { sped: 2 } as never })).rejects.toThrow(/did you mean speed\?/);
    await expect(model.open({ secrets, settings: { speed: 0 } })).rejects.toThrow(RangeError);
    await expect(model.open({ secrets, voice: 'x' } as never)).rejects.toThrow(/open\.voice/);
    const define: (definition: never) => unknown = defineVoiceModel;
    expect(() => define({ kind: 'oracle' } as never)).toThrow(/recognizer, synthesizer/);
    expect(() => define({ kind: 'synthesizer', name: 'Held!' } as never)).toThrow(/lower-case/);
    expect(() => define({ kind: 'synthesizer', name: 'held' } as never)).toThrow(/held\.start/);
  });

  it('names a secret that is missing, and shows none', async () => {
    const { model } = held();
    const error = await model.open().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'SLUICE_VOICE_MODEL', model: 'held', category: 'give-up' });
    expect(String(error)).toMatch(/apiKey/);
    const thrown = held({
      start: () => {
        throw new Error('no such voice');
      },
    });
    const lost = await thrown.model.open({ secrets }).catch((reason: unknown) => reason);
    expect(lost).toMatchObject({ category: 'fall-back', cause: expect.any(Error) });
    expect(String(lost)).not.toContain(secrets.apiKey);
  });
});

describe('a session', () => {
  it('tells what happened, in order, and ends when it is closed', async () => {
    const { model, context, seen } = held();
    const session = await model.open({ secrets, clock: new VirtualClock() });
    context().emit(finished('a'));
    context().emit(finished('b'));
    await Promise.all([session.close(), session.close()]);
    context().emit(finished('late'));
    expect(await read(session)).toEqual(['a', 'b']);
    expect(seen.closed).toBe(1);
    expect(() => session.write({ id: 'x', epoch: 0, text: 'x' })).toThrow(/it is closed/);
    expect(context().signal.aborted).toBe(true);
  });

  it('tells nothing of an epoch that was cancelled, neither what waits nor what comes', async () => {
    const written: string[] = [];
    const { model, context, seen } = held({ write: ({ id }) => void written.push(id) });
    const session = await model.open({ secrets });
    context().emit(finished('waits', 0));
    session.cancel(1);
    session.cancel(1);
    context().emit(finished('comes', 0));
    context().emit(finished('new', 1));
    session.write({ id: 'old', epoch: 0, text: '' });
    session.write({ id: 'now', epoch: 1, text: '' });
    await session.close();
    expect(await read(session)).toEqual(['new']);
    expect(written).toEqual(['now']);
    expect(seen.cancelled).toEqual([1]);
  });

  it('changes settings while it runs, and refuses wrong ones without losing the old', async () => {
    const { model, context, seen } = held();
    const session = await model.open({ secrets, settings: { speed: 2 } });
    session.update({ speed: 3 });
    expect(() => session.update({ speed: -1 })).toThrow(RangeError);
    expect(context().settings).toEqual({ speed: 3 });
    expect(session.settings).toEqual({ speed: 3 });
    expect(seen.updated).toBe(1);
    await session.close();
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('boom');
      },
    ],
    ['rejects', () => Promise.reject(new Error('boom'))],
  ])('is lost when its model %s, with the model named', async (_how, write) => {
    const { model, seen } = held({ write });
    const session = await model.open({ secrets });
    await session.write({ id: 'a', epoch: 0, text: 'a' });
    const error = await read(session).catch((reason: unknown) => reason);
    expect(isVoiceError(error)).toBe(true);
    expect(error).toMatchObject({ model: 'held', message: expect.stringMatching(/^held: it was lost: boom/) });
    expect(seen.closed).toBe(1);
  });

  it('keeps the category that the model gave', async () => {
    const { model, context } = held();
    const session = await model.open({ secrets });
    context().fail(voiceError('too many requests', { model: 'held', category: 'wait', retryAfterMs: 900 }));
    const error = await read(session).catch((reason: unknown) => reason);
    expect(categoryOf(error)).toBe('wait');
    expect(error).toMatchObject({ retryAfterMs: 900 });
    expect(categoryOf(new Error('else'))).toBe('fall-back');
  });

  it('closes when its signal aborts, before and while it runs', async () => {
    const { model, seen } = held();
    await expect(model.open({ secrets, signal: AbortSignal.abort(new Error('not today')) })).rejects.toThrow(
      'not today',
    );
    const abort = new AbortController();
    const session = await model.open({ secrets, signal: abort.signal });
    abort.abort();
    expect(await read(session)).toEqual([]);
    expect(seen.closed).toBe(1);
  });

  it('is lost rather than without bound when nobody reads its events', async () => {
    const { model, context, seen } = held();
    const session = await model.open({ secrets });
    for (let index = 0; index < 10_000; index++) context().emit(finished(`${index}`));
    expect(seen.closed).toBe(1);
    await expect(read(session)).rejects.toThrow(/its events are not read/);
  });
});
