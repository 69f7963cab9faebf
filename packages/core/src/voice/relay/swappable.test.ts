import { describe, expect, it } from 'vitest';
import { AudioFrame } from '../../media/audio-frame.ts';
import { micros } from '../../time/units.ts';
import { VirtualClock } from '../../time/virtual-clock.ts';
import {
  defineVoiceModel,
  fakeLanguageModel,
  fakeRecognizer,
  fakeSynthesizer,
  fakeVoiceDetector,
  fallback,
  type ModelSwitch,
  type Recognizer,
  swappable,
  type VoiceDetector,
  voiceError,
} from '../index.ts';

/** 20 ms of a tone or of silence at 16 kHz. */
function frame(index: number, loud: boolean): AudioFrame {
  const samples = new Int16Array(320);
  if (loud) for (let i = 0; i < 320; i++) samples[i] = 8_000 * Math.sin((index * 320 + i) / 5);
  return new AudioFrame({ samples, sampleRate: 16_000, channels: 1, timestamp: micros(index * 20_000) });
}

function gather<E extends { readonly type: string }>(session: AsyncIterable<E>): E[] {
  const events: E[] = [];
  void (async () => {
    for await (const event of session) events.push(event);
  })();
  return events;
}

const says = (word: string, ms = 100) => fakeLanguageModel({ reply: () => word, firstTokenMs: ms });

describe('swappable', () => {
  it('finishes what is under way with the old model and gives the next what comes later, in order', async () => {
    const clock = new VirtualClock();
    const changes: ModelSwitch[] = [];
    const model = swappable(says('old'), { onSwitch: (change) => changes.push(change) });
    const session = await model.open({ clock });
    const events = gather(session);
    const ask = (id: string) => session.write({ id, epoch: 0, messages: [] });
    ask('1');
    ask('2');
    await clock.advance(50);
    await model.use(says('new', 10));
    ask('3');
    const flushed = session.flush();
    await clock.advance(1_000);
    await flushed;
    expect(events.map((event) => `${event.id} ${event.type === 'text' ? event.text : event.type}`)).toEqual([
      '1 old',
      '1 finished',
      '2 old',
      '2 finished',
      '3 new',
      '3 finished',
    ]);
    expect(changes).toMatchObject([{ kind: 'language-model', reason: 'asked', atMs: 50 }]);
    expect(model.latencyMs).toBe(10);
    const later = await model.open({ clock });
    const its = gather(later);
    later.write({ id: 'x', epoch: 0, messages: [] });
    await clock.advance(20);
    expect(its[0]).toMatchObject({ text: 'new' });
    await Promise.all([session.close(), later.close()]);
  });

  it('cancels what both of them have', async () => {
    const clock = new VirtualClock();
    const model = swappable(says('old'));
    const session = await model.open({ clock });
    const events = gather(session);
    session.write({ id: '1', epoch: 0, messages: [] });
    await model.use(says('new'));
    session.write({ id: '2', epoch: 0, messages: [] });
    session.cancel(1);
    session.write({ id: '3', epoch: 1, messages: [] });
    await clock.advance(500);
    expect(events.map(({ id }) => id)).toEqual(['3', '3']);
    await session.close();
  });

  it('stays with the old model when the next cannot be had, and refuses another kind and deaf ears', async () => {
    const clock = new VirtualClock();
    const model = swappable(fakeRecognizer({ texts: () => 'still here' }));
    const session = await model.open({ clock });
    const events = gather(session);
    await session.write(frame(0, true));
    const broken = defineVoiceModel({
      kind: 'recognizer',
      name: 'broken',
      accepts: { sampleRates: [16_000], channels: [1] },
      latencyMs: 0,
      words: false,
      settings: {},
      start: () => {
        throw voiceError('no key', { model: 'broken', category: 'give-up' });
      },
    });
    await expect(model.use(broken)).rejects.toThrow(/no key/);
    await expect(model.use({ ...broken, accepts: { sampleRates: [8_000], channels: [1] } })).rejects.toThrow(
      /hears 16000 Hz.*received.*8000/s,
    );
    await expect(model.use(fakeSynthesizer() as never)).rejects.toThrow(/a recognizer/);
    await session.flush();
    expect(events.at(-1)).toMatchObject({ type: 'final', text: 'still here' });
    await session.close();
    expect(() => swappable({} as never)).toThrow(/model/);
    expect(() => swappable(says('x'), { onswitch: 1 } as never)).toThrow(/did you mean onSwitch/);
  });

  it('is lost with its model, as that model would be', async () => {
    const model = swappable(
      defineVoiceModel({
        kind: 'language-model',
        name: 'frail',
        latencyMs: 0,
        settings: { warmth: 1 },
        start: ({ fail }) => ({ write: () => fail(new Error('gone')) }),
      }),
    );
    const session = await model.open({ settings: { warmth: 3 } });
    session.update({ warmth: 4 });
    expect(session.settings).toEqual({ warmth: 4 });
    session.write({ id: '1', epoch: 0, messages: [] });
    const read = async () => {
      for await (const _ of session);
    };
    await expect(read()).rejects.toThrow(/frail: it was lost: gone/);
    expect(session.ended).toBe(true);
  });

  it('tells of what happens behind it', async () => {
    const changes: string[] = [];
    const down = defineVoiceModel({
      kind: 'turn-detector',
      name: 'down',
      latencyMs: 0,
      settings: {},
      start: () => {
        throw new Error('down');
      },
    });
    const up = defineVoiceModel({
      kind: 'turn-detector',
      name: 'up',
      latencyMs: 0,
      settings: {},
      start: () => ({ write: () => {} }),
    });
    const model = swappable(fallback(down, up), { onSwitch: ({ from, to }) => changes.push(`${from} ${to}`) });
    await (await model.open({ clock: new VirtualClock() })).close();
    expect(changes).toEqual(['down up']);
  });
});

/** Says a number for each loud frame that it has heard since the last final: what it missed or heard twice shows. */
function counting(name: string, dieAt = Number.POSITIVE_INFINITY): Recognizer<object> {
  return defineVoiceModel({
    kind: 'recognizer',
    name,
    accepts: { sampleRates: [16_000], channels: [1] },
    latencyMs: 0,
    words: false,
    settings: {},
    start: ({ emit, fail }) => {
      let heard: number[] = [];
      let written = 0;
      return {
        write: ({ timestamp, samples }) => {
          if (++written > dieAt) return fail(new Error('died'));
          if (!samples.some((sample) => sample !== 0)) return;
          heard.push(timestamp / 20_000);
          emit({ type: 'partial', text: heard.join(' '), words: [] });
        },
        flush: () => {
          if (heard.length === 0) return;
          const [start, end] = [micros(heard[0]! * 20_000), micros((heard.at(-1)! + 1) * 20_000)];
          emit({ type: 'final', text: `${name}: ${heard.join(' ')}`, words: [], start, end });
          heard = [];
        },
      };
    },
  });
}
const finals = (events: readonly { readonly type: string; readonly text: string }[]) =>
  events.filter(({ type }) => type === 'final').map(({ text }) => text);

describe('a recognizer that is replaced', () => {
  it('hears its stretch to the end, and the next hears the next', async () => {
    const clock = new VirtualClock();
    const model = swappable(counting('old'));
    const session = await model.open({ clock });
    const events = gather(session);
    for (const index of [0, 1]) await session.write(frame(index, true));
    await clock.settle();
    await model.use(counting('new'));
    for (const index of [2, 3]) await session.write(frame(index, true));
    await session.flush();
    for (const index of [4, 5]) await session.write(frame(index, true));
    await session.flush();
    expect(finals(events)).toEqual(['old: 0 1 2 3', 'new: 4 5']);
    await session.close();
  });

  it('has its facts as long as it hears', async () => {
    const clock = new VirtualClock();
    const changes: ModelSwitch[] = [];
    const model = swappable(counting('old'), { onSwitch: (change) => changes.push(change) });
    const session = await model.open({ clock });
    await session.write(frame(0, true));
    await clock.settle();
    await model.use(counting('new'));
    expect([model.name, changes]).toEqual(['old', []]);
    await session.flush();
    expect(model.name).toBe('new');
    expect(changes).toMatchObject([{ from: 'old', to: 'new', reason: 'asked' }]);
    await session.close();
  });

  it('has its facts no longer where nobody hears any more', async () => {
    const clock = new VirtualClock();
    const model = swappable(counting('old'));
    const session = await model.open({ clock });
    await session.write(frame(0, true));
    await clock.settle();
    await model.use(counting('new'));
    expect(model.name).toBe('old');
    await session.close();
    expect(model.name).toBe('new');
  });

  it('is replaced in silence at once, and after 10 s of somebody who does not stop', async () => {
    const clock = new VirtualClock();
    const model = swappable(counting('a'));
    const session = await model.open({ clock });
    const events = gather(session);
    await session.write(frame(0, false));
    await model.use(counting('b'));
    await session.write(frame(1, true));
    await clock.settle();
    await model.use(counting('c'));
    await clock.advance(10_000);
    await session.write(frame(2, true));
    await session.flush();
    expect(finals(events)).toEqual(['b: 1', 'c: 2']);
    await session.close();
    expect(clock.timers).toBe(0);
  });

  it('loses no word when it dies, with and without somebody who waits to take over', async () => {
    for (const swap of [false, true]) {
      const clock = new VirtualClock();
      const model = swappable(fallback(counting('a', 5), counting('b')));
      const session = await model.open({ clock });
      const events = gather(session);
      for (const index of [0, 1]) await session.write(frame(index, true));
      await session.flush();
      for (const index of [2, 3, 4]) await session.write(frame(index, true));
      await clock.settle();
      if (swap) await model.use(counting('c'));
      for (const index of [5, 6]) await session.write(frame(index, true));
      await session.flush();
      expect(finals(events)).toEqual(['a: 0 1', 'b: 2 3 4 5 6']);
      await session.close();
    }
  });
});

describe('a recognizer that comes back', () => {
  it("is not said to be in use while the other one still hears a stretch, as how that ends is the other one's", async () => {
    const clock = new VirtualClock();
    let opened = 0;
    const judge: Recognizer<object> = defineVoiceModel({
      kind: 'recognizer',
      name: 'judge',
      accepts: { sampleRates: [16_000], channels: [1] },
      latencyMs: 0,
      words: false,
      turns: true,
      settings: {},
      start: ({ fail }) => {
        const isFirst = opened++ === 0;
        return { write: () => isFirst && fail(new Error('died')) } as never;
      },
    });
    const changes: string[] = [];
    const both = fallback(judge, counting('spare'), {
      recoverMs: 1_000,
      onSwitch: ({ to }) => changes.push(to),
    });
    const session = await both.open({ clock });
    const events = gather(session);
    await session.write(frame(0, true));
    await clock.settle();
    await session.write(frame(1, true));
    await clock.advance(2_000);
    expect([opened, both.turns, changes]).toEqual([2, undefined, ['spare']]);
    await session.flush();
    expect([finals(events), both.turns, changes]).toEqual([['spare: 0 1'], true, ['spare', 'judge']]);
    await session.close();
    expect(clock.timers).toBe(0);
  });
});

describe('a detector that is replaced', () => {
  const silentFrom = (dieAt: number): VoiceDetector<object> =>
    defineVoiceModel({
      kind: 'voice-detector',
      name: 'frail',
      accepts: { sampleRates: [16_000], channels: [1] },
      latencyMs: { speech: 0, silence: 0 },
      settings: {},
      start: ({ emit, fail }) => {
        let written = 0;
        return {
          write: ({ timestamp }) => {
            if (++written === 3) emit({ type: 'speech', at: timestamp, toldAt: timestamp });
            if (written === dieAt) fail(new Error('died'));
          },
        };
      },
    });
  const run = async (loud: (index: number) => boolean, count: number) => {
    const clock = new VirtualClock();
    const session = await fallback(silentFrom(10), fakeVoiceDetector()).open({ clock });
    const events = gather(session);
    for (let index = 0; index < count; index++) {
      await session.write(frame(index, loud(index)));
      await clock.settle();
    }
    await session.close();
    return events.map(({ type, at }) => [type, at / 20_000]);
  };

  it('tells speech once, and its end', async () => {
    expect(await run((index) => index >= 2 && index < 30, 60)).toEqual([
      ['speech', 2],
      ['silence', 30],
    ]);
  });

  it('tells the end of what only the one that died took for speech', async () => {
    expect(await run(() => false, 80)).toEqual([
      ['speech', 2],
      ['silence', 10],
    ]);
  });
});
