import { VirtualClock } from '@sluice/core/testing';
import {
  defineVoiceModel,
  fakeLanguageModel,
  type LanguageModel,
  type LanguageModelEvent,
  type ReplyRequest,
  type SessionContext,
} from '@sluice/core/voice';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AgentTool } from './agent-tool.ts';
import { Liveness } from './liveness.ts';
import { ReplyLine } from './reply-line.ts';

const asked = (text: string) => [{ role: 'user', text } as const];

describe('ReplyLine', () => {
  let clock: VirtualClock;
  let told: string[];

  beforeEach(() => {
    clock = new VirtualClock();
    told = [];
  });
  const listener = (name = '') => ({
    onText: (text: string) => told.push(`${name}${text}`),
    onCalls: () => {},
    onTools: () => {},
    onFinished: () => told.push(`${name}finished`),
    onFailed: (error: Error) => told.push(`${name}failed: ${error.message}`),
  });
  /** A model that does with each request what the test says. */
  const scripted = (
    write: (request: ReplyRequest, context: SessionContext<LanguageModelEvent, object>) => void,
    start?: () => void,
  ): LanguageModel =>
    defineVoiceModel({
      kind: 'language-model',
      name: 'scripted',
      latencyMs: 0,
      settings: {},
      start: (context) => {
        start?.();
        return { write: (request) => write(request, context) };
      },
    });

  it('tells nothing of a reply that was given up', async () => {
    const line = new ReplyLine({ model: fakeLanguageModel({ firstTokenMs: 100, tokenMs: 50 }), clock });
    line.ask(asked('one two three'), listener('a '));
    await clock.advance(120);
    line.cancel();
    line.ask(asked('four'), listener('b '));
    await clock.advance(1_000);
    expect(told).toEqual(['a one ', 'b four', 'b finished']);
    line.close();
  });

  it('tells nothing of a reply that was asked for ahead until it is wanted, then all of it at once', async () => {
    const ahead: string[] = [];
    const onAhead = (outcome: string) => ahead.push(`${outcome} at ${clock.now()}`);
    const line = new ReplyLine({ model: fakeLanguageModel({ firstTokenMs: 100, tokenMs: 50 }), clock, onAhead });
    line.askAhead(asked('one two three'));
    await clock.advance(160);
    line.askAhead(asked('one two three'));
    expect(told).toEqual([]);
    line.ask(asked('one two three'), listener());
    expect(told).toEqual(['one ', 'two ']);
    await clock.advance(40);
    expect(told).toEqual(['one ', 'two ', 'three', 'finished']);
    line.askAhead(asked('four'));
    await clock.advance(500);
    line.ask(asked('four five'), listener());
    line.askAhead(asked('six'));
    line.cancel();
    await clock.advance(500);
    expect(told.slice(4)).toEqual([]);
    expect(ahead).toEqual(['used at 160', 'dropped at 700', 'dropped at 700']);
    line.close();
  });

  it('runs no tool of a reply that was asked for ahead before it is wanted', async () => {
    const model = scripted(({ id, epoch, messages }, { emit }) => {
      const last = messages.at(-1)!;
      if (last.role === 'tool') emit({ type: 'text', id, epoch, text: last.text });
      else emit({ type: 'tool-call', id, epoch, callId: '1', name: 'book', arguments: {} });
      emit({ type: 'finished', id, epoch });
    });
    let booked = 0;
    const line = new ReplyLine({
      model,
      clock,
      tools: { book: { description: 'books', run: () => `booked ${++booked}` } },
    });
    line.askAhead(asked('book it'));
    await clock.advance(1_000);
    line.cancel();
    line.askAhead(asked('book it'));
    await clock.advance(1_000);
    expect(booked).toBe(0);
    line.ask(asked('book it'), listener());
    await clock.advance(10);
    expect(told).toEqual(['booked 1', 'finished']);
    line.close();
  });

  it('asks again for what failed, was lost or had no end while nobody wanted it', async () => {
    const faults = ['failed', 'lost', 'floods'];
    const outcomes: string[] = [];
    for (const fault of faults) {
      told = [];
      let asks = 0;
      const model = scripted(({ id, epoch }, { emit, fail }) => {
        const first = ++asks === 1;
        if (first && fault === 'lost') return fail(new Error('lost'));
        if (first && fault === 'failed') return emit({ type: 'failed', id, epoch, error: new Error('too many') });
        if (first) for (let token = 0; token < 5_000; token++) emit({ type: 'text', id, epoch, text: 'flood ' });
        emit({ type: 'text', id, epoch, text: 'Here.' });
        emit({ type: 'finished', id, epoch });
      });
      const line = new ReplyLine({ model, clock, onAhead: (outcome) => outcomes.push(outcome) });
      line.askAhead(asked('hello'));
      await clock.advance(10);
      line.ask(asked('hello'), listener());
      await clock.advance(10);
      expect(told).toEqual(['Here.', 'finished']);
      line.close();
    }
    expect(outcomes).toEqual(faults.map(() => 'dropped'));
  });

  it('runs tools and tells the model what they said, what they threw and that they took too long', async () => {
    const rounds: string[][] = [];
    const model = scripted(({ id, epoch, messages }, { emit }) => {
      const results = messages.filter(({ role }) => role === 'tool').map(({ text }) => text);
      rounds.push(results);
      const names = ['time', 'broken', 'slow', 'unknown'];
      if (results.length === 0)
        for (const name of names)
          emit({ type: 'tool-call', id, epoch, callId: name, name, arguments: { zone: 'utc' } });
      else emit({ type: 'text', id, epoch, text: results.join(' | ') });
      emit({ type: 'finished', id, epoch });
    });
    const tools: Record<string, AgentTool> = {
      time: { description: 'the time', run: ({ zone }) => `noon ${String(zone)}` },
      broken: { description: 'breaks', run: () => Promise.reject(new Error('no clock')) },
      slow: { description: 'never answers', run: () => new Promise(() => {}) },
    };
    const line = new ReplyLine({ model, clock, tools, toolMs: 300 });
    line.ask(asked('what time is it'), listener());
    await clock.advance(1_000);
    expect(told).toEqual([
      'noon utc | error: no clock | error: slow took longer than 300 ms | error: there is no tool unknown; there is time, broken, slow',
      'finished',
    ]);
    expect(rounds).toHaveLength(2);
    line.close();
  });

  it('ends a model that asks for tools for ever', async () => {
    const model = scripted(({ id, epoch }, { emit }) => {
      emit({ type: 'tool-call', id, epoch, callId: 'x', name: 'time', arguments: {} });
      emit({ type: 'finished', id, epoch });
    });
    const line = new ReplyLine({ model, clock, tools: { time: { description: '', run: () => 'noon' } } });
    line.ask(asked('hm'), listener());
    await clock.advance(1_000);
    expect(told).toEqual(['failed: the model asked for tools 8 times in a row']);
  });

  it('opens a model anew that was lost, and says why the reply was', async () => {
    let started = 0;
    const model = scripted(
      ({ id, epoch, messages }, { emit, fail }) => {
        if (messages.at(-1)?.text === 'die') return fail(new Error('gone'));
        emit({ type: 'text', id, epoch, text: `answer ${started}` });
        emit({ type: 'finished', id, epoch });
      },
      () => {
        if (++started === 2) throw new Error('not yet');
      },
    );
    const line = new ReplyLine({ model, clock });
    for (const text of ['die', 'again', 'once more']) {
      line.ask(asked(text), listener());
      await clock.advance(10);
    }
    expect(told).toEqual([
      expect.stringMatching(/failed: scripted: it was lost: gone/),
      expect.stringMatching(/failed: scripted: it did not start: not yet/),
      'answer 3',
      'finished',
    ]);
  });
});

describe('Liveness', () => {
  it('acts when a state lasts past its bound, once, and never after the end', async () => {
    const clock = new VirtualClock();
    const states: string[] = [];
    const live = new Liveness(clock, ({ state }) => states.push(`${state} at ${clock.now()}`));
    live.enter({ state: 'thinking' }, 100, () => states.push('late'));
    await clock.advance(60);
    live.enter({ state: 'thinking' }, 100, () => states.push('later'));
    await clock.advance(60);
    expect(live.forMs).toBe(120);
    await clock.advance(500);
    live.enter({ state: 'muted', by: 'a host' }, 50, () => states.push('never'));
    expect(live.current).toEqual({ state: 'muted', by: 'a host' });
    live.end();
    live.enter({ state: 'speaking' }, 10, () => states.push('never'));
    await clock.advance(500);
    expect(states).toEqual(['thinking at 0', 'later', 'muted at 620', 'ended at 620']);
  });
});
