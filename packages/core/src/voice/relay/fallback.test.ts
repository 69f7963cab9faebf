import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../time/virtual-clock.ts';
import {
  defineVoiceModel,
  type ErrorCategory,
  fakeSpeechModel,
  fakeSynthesizer,
  fakeVoiceDetector,
  fallback,
  type LanguageModel,
  type LanguageModelEvent,
  type ModelSwitch,
  type ReplyRequest,
  type SessionContext,
  voiceError,
} from '../index.ts';

type Context = SessionContext<LanguageModelEvent, { warmth: number }>;
type Write = (request: ReplyRequest, context: Context) => void;

/** A model that does with each request what the test says. */
function scripted(name: string, write: Write, start: () => void = () => {}): LanguageModel<{ warmth: number }> {
  return defineVoiceModel({
    kind: 'language-model',
    name,
    latencyMs: name.length,
    settings: { warmth: 1 },
    start: (context) => {
      start();
      return { write: (request) => write(request, context) };
    },
  });
}
const fault = (category: ErrorCategory, retryAfterMs?: number) =>
  voiceError(`says ${category}`, { model: 'm', category, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
const failing =
  (error: Error): Write =>
  ({ id, epoch }, { emit }) =>
    emit({ type: 'failed', id, epoch, error });
const answering =
  (word: string): Write =>
  ({ id, epoch }, { emit }) => {
    emit({ type: 'text', id, epoch, text: word });
    emit({ type: 'finished', id, epoch });
  };
/** The first so many do one thing, the others another. */
const first = (count: number, one: Write, other: Write): Write => {
  let written = 0;
  return (request, context) => (written++ < count ? one : other)(request, context);
};

async function conversation(model: LanguageModel) {
  const clock = new VirtualClock();
  const told: string[] = [];
  const switches: ModelSwitch[] = [];
  const session = await model.open({ clock, onSwitch: (change) => switches.push(change) });
  let ended: unknown;
  void (async () => {
    try {
      for await (const event of session)
        told.push(
          event.type === 'text'
            ? `${event.id} ${event.text}`
            : event.type === 'failed'
              ? `${event.id} failed: ${event.error.message}`
              : `${event.id} ${event.type}`,
        );
      ended = 'closed';
    } catch (error) {
      ended = error;
    }
  })();
  const ask = (...ids: string[]) => {
    for (const id of ids) void session.write({ id, epoch: 0, messages: [] });
  };
  return { clock, session, told, switches, ask, ended: () => ended };
}
const calm = { random: () => 0 };

describe('fallback', () => {
  it('asks the same once more for what may be tried again, a little later', async () => {
    const a = scripted('a', first(1, failing(fault('retry')), answering('yes')));
    const talk = await conversation(fallback(a, scripted('b', answering('no')), calm));
    talk.ask('1', '2');
    await talk.clock.advance(99);
    expect(talk.told).toEqual([]);
    await talk.clock.advance(1);
    expect(talk.told).toEqual(['1 yes', '1 finished', '2 yes', '2 finished']);
    expect(talk.switches).toEqual([]);
    await talk.session.close();
  });

  it.each([
    ['give-up', undefined],
    ['fall-back', undefined],
    ['wait', 5_000],
    ['wait', undefined],
  ] as const)('asks the next for %s after %s ms, in order, and says so', async (category, retryAfterMs) => {
    const a = scripted('a', failing(fault(category, retryAfterMs)));
    const talk = await conversation(fallback(a, scripted('b', answering('yes'))));
    talk.ask('1', '2', '3');
    await talk.clock.settle();
    expect(talk.told).toEqual(['1 yes', '1 finished', '2 yes', '2 finished', '3 yes', '3 finished']);
    expect(talk.switches).toMatchObject([{ kind: 'language-model', from: 'a', to: 'b', reason: 'fault', atMs: 0 }]);
    await talk.session.close();
  });

  it('waits for a model that says for how long, if that is short', async () => {
    const a = scripted('a', first(1, failing(fault('wait', 700)), answering('yes')));
    const talk = await conversation(fallback(a, scripted('b', answering('no'))));
    talk.ask('1');
    await talk.clock.advance(699);
    expect(talk.told).toEqual([]);
    await talk.clock.advance(1);
    expect(talk.told).toEqual(['1 yes', '1 finished']);
    await talk.session.close();
  });

  it('lets nobody begin again what was partly told, and goes on with what was not', async () => {
    const half: Write = ({ id, epoch }, { emit, fail }) => {
      emit({ type: 'text', id, epoch, text: 'hal' });
      fail(fault('retry'));
    };
    const talk = await conversation(fallback(scripted('a', first(1, half, answering('a'))), scripted('b', half), calm));
    talk.ask('1', '2');
    await talk.clock.advance(200);
    expect(talk.told).toEqual(['1 hal', expect.stringMatching(/^1 failed: .*says retry/), '2 a', '2 finished']);
    await talk.session.close();
  });

  it('goes back to the first when it has rested, between requests', async () => {
    const a = scripted('a', first(1, failing(fault('fall-back')), answering('a')));
    const b = scripted('b', ({ id, epoch }, context) => {
      context.clock.at(context.clock.now() + 800, () => answering('b')({ id, epoch, messages: [] }, context));
    });
    const model = fallback(a, b, { recoverMs: 1_000 });
    const talk = await conversation(model);
    talk.ask('1');
    await talk.clock.advance(900);
    expect(model.latencyMs).toBe(b.latencyMs);
    talk.ask('2');
    await talk.clock.advance(300);
    talk.ask('3');
    await talk.clock.advance(1_000);
    expect(talk.told).toEqual(['1 b', '1 finished', '2 b', '2 finished', '3 a', '3 finished']);
    expect(talk.switches.map(({ to, reason, atMs }) => [to, reason, atMs])).toEqual([
      ['b', 'fault', 0],
      ['a', 'recovered', 1_000],
    ]);
    await talk.session.close();
    expect(talk.clock.timers).toBe(0);
  });

  it('names all that were tried when none is left, for a request and for a session', async () => {
    const talk = await conversation(
      fallback(
        scripted('a', failing(fault('give-up'))),
        scripted('b', first(1, failing(fault('wait', 9)), answering('b'))),
        calm,
      ),
    );
    talk.ask('1');
    await talk.clock.advance(20);
    expect(talk.told).toEqual(['1 b', '1 finished']);
    const none = await conversation(
      fallback(
        scripted('a', failing(fault('give-up'))),
        scripted('b', (_request, { fail }) => fail(fault('fall-back'))),
      ),
    );
    none.ask('1');
    await none.clock.settle();
    expect(String(none.ended())).toMatch(/a, b: none of them is left.*says give-up.*says fall-back/s);
    const both = await conversation(
      fallback(scripted('a', failing(fault('give-up'))), scripted('b', failing(fault('fall-back')))),
    );
    both.ask('1', '2');
    await both.clock.settle();
    expect(both.told).toEqual([
      expect.stringMatching(/^1 failed: a, b: none of them is left/),
      expect.stringMatching(/^2 failed: b, a: none of them is left/),
    ]);
    await Promise.all([talk, both].map(({ session }) => session.close()));
  });

  it('opens with the next what cannot be opened, and refuses settings that do not exist', async () => {
    const broken = scripted('a', answering('a'), () => {
      throw fault('fall-back');
    });
    const model = fallback(broken, scripted('b', answering('b')));
    const talk = await conversation(model);
    talk.ask('1');
    await talk.clock.settle();
    expect(talk.told).toEqual(['1 b', '1 finished']);
    expect(talk.switches).toMatchObject([
      { from: 'a', to: 'b', error: { message: expect.stringMatching(/fall-back/) } },
    ]);
    await talk.session.close();
    await expect(fallback(broken, broken).open()).rejects.toThrow(/says fall-back/);
    const fine = fallback(scripted('a', answering('a')), broken);
    await expect(fine.open({ settings: { warm: 1 } as never })).rejects.toThrow(TypeError);
    await expect(fine.open({ settin: {} } as never)).rejects.toThrow(/settin/);
  });

  it('waits before it opens once more, without holding who opens', async () => {
    let starts = 0;
    const late = scripted('late', answering('late'), () => {
      if (++starts === 1) throw fault('retry');
    });
    const talk = await conversation(fallback(late, scripted('b', answering('b')), calm));
    talk.ask('1');
    await talk.clock.advance(100);
    expect(talk.told).toEqual(['1 late', '1 finished']);
    await talk.session.close();
  });

  it('keeps settings for the first, in its absence too', async () => {
    const seen: number[] = [];
    const warm: Write = (request, context) => {
      seen.push(context.settings.warmth);
      answering('a')(request, context);
    };
    const a = scripted('a', first(1, failing(fault('fall-back')), warm));
    const talk = await conversation(fallback(a, scripted('b', answering('b')), { recoverMs: 100 }));
    talk.ask('1');
    await talk.clock.settle();
    talk.session.update({ warmth: 7 } as never);
    await talk.clock.advance(200);
    talk.ask('2');
    await talk.clock.settle();
    expect(seen).toEqual([7]);
    expect(talk.session.settings).toEqual({ warmth: 7 });
    expect(() => talk.session.update({ warm: 7 } as never)).toThrow(/did you mean warmth/);
    await talk.session.close();
  });

  it('refuses what is no model, other kinds, and ears without a rate in common', () => {
    const deaf = defineVoiceModel({
      kind: 'voice-detector',
      name: 'deaf',
      accepts: { sampleRates: [11_025], channels: [1] },
      latencyMs: { speech: 0, silence: 0 },
      settings: {},
      start: () => ({ write: () => {} }),
    });
    expect(() => fallback(fakeVoiceDetector(), deaf)).toThrow(/deaf: 11025 Hz/);
    expect(fallback(fakeVoiceDetector(), fakeVoiceDetector()).accepts.sampleRates[0]).toBe(16_000);
    expect(() => fallback(fakeVoiceDetector(), fakeSynthesizer() as never, deaf)).toThrow(/model 2/);
    expect(() => fallback(fakeSpeechModel() as never, fakeSpeechModel() as never)).toThrow(/begin it anew/);
    expect(() => fallback(fakeSynthesizer(), { recover: 1 } as never)).toThrow(/did you mean recoverMs/);
    expect(() => fallback(fakeSpeechModel() as never, fakeSpeechModel() as never)).toThrow(/begin it anew/);
    expect(() => fallback(fakeSynthesizer(), { recoverMs: -1 })).toThrow(RangeError);
  });

  it('loads what can be had', async () => {
    const unloadable = (name: string) => {
      const model = defineVoiceModel({
        kind: 'turn-detector',
        name,
        latencyMs: 0,
        settings: {},
        prefetch: () => Promise.reject(fault('wait')),
        start: () => ({ write: () => {} }),
      });
      return model;
    };
    const fine = defineVoiceModel({
      kind: 'turn-detector',
      name: 'fine',
      latencyMs: 0,
      settings: {},
      prefetch: async ({ onProgress }) => onProgress?.({ loadedBytes: 3, totalBytes: 5 }),
      start: () => ({ write: () => {} }),
    });
    const progress: unknown[] = [];
    await fallback(fine, unloadable('x'), fine).prefetch({ onProgress: (one) => progress.push(one) });
    expect(progress.at(-1)).toEqual({ loadedBytes: 3 });
    await expect(fallback(unloadable('x'), unloadable('y')).prefetch()).rejects.toThrow(/none of them can be loaded/);
  });
});
