import type { Message } from '@sluice/core/voice';
import { describe, expect, it } from 'vitest';
import { type ConversationHistory, type HistoryLine, historyOf } from './conversation-history.ts';
import { ConversationLog } from './conversation-log.ts';

const said = (text: string): HistoryLine => ({ who: 'person', text });
const tool = (round: string, callId: string, text: string): HistoryLine => ({
  who: 'tool',
  text,
  round,
  call: { callId, name: 'clock', arguments: {} },
});
const history = (...lines: readonly HistoryLine[]): ConversationHistory => ({ version: 1, lines, leftOut: 0 });

describe('historyOf', () => {
  it('has what was heard, and no line of which nothing was', () => {
    const lines = [said('hello'), { who: 'agent', text: '', interrupted: true } as const, tool('c1', 'a', '')];
    expect(historyOf(lines)).toEqual(history(said('hello'), tool('c1', 'a', '')));
  });

  it('has the newest lines in its bound, and counts the others', () => {
    const lines = Array.from({ length: 1_000 }, (_, i) => said(`${i} ${'x'.repeat(500)}`));
    const taken = historyOf(lines);
    expect(taken.lines.at(-1)).toEqual(lines.at(-1));
    expect(taken.lines.length + taken.leftOut).toBe(1_000);
    expect(JSON.stringify(taken).length).toBeGreaterThan(75_000);
    expect(JSON.stringify(taken).length).toBeLessThan(81_000);
  });

  it('keeps the answers of a round together, and leaves one out that is too large with all of its round', () => {
    const huge = [tool('c1', 'a', 'x'.repeat(30_000)), tool('c1', 'b', 'noon')];
    expect(historyOf([said('what time is it'), ...huge, said('thank you')])).toEqual({
      ...history(said('what time is it'), said('thank you')),
      leftOut: 2,
    });
    const many = Array.from({ length: 60 }, (_, i) => [
      tool(`c${i}`, `a${i}`, 'x'.repeat(700)),
      tool(`c${i}`, 'b', 'y'.repeat(900)),
    ]);
    const rounds = historyOf(many.flat()).lines.map(({ round }) => round);
    expect(rounds.length % 2).toBe(0);
    expect(rounds.length).toBeGreaterThan(40);
  });
});

describe('what is recalled', () => {
  it('goes round any number of times, and collides with nothing that comes', () => {
    let log = new ConversationLog();
    log.recall(history(said('a'), tool('c1', 'x', '1'), tool('c1', 'y', '2'), tool('c2', 'x', '3')));
    for (let move = 0; move < 3; move++) {
      const next = new ConversationLog();
      next.recall(JSON.parse(JSON.stringify(log.history())));
      log = next;
    }
    log.tools([{ call: { callId: 'z', name: 'clock', arguments: {} }, text: '4', startMs: 0, endMs: 1 }]);
    const calls = (...ids: readonly string[]) => ids.map((callId) => ({ callId, name: 'clock', arguments: {} }));
    expect(log.messages()).toEqual<Message[]>([
      { role: 'user', text: 'a' },
      { role: 'assistant', text: '', calls: calls('x', 'y') },
      { role: 'tool', callId: 'x', text: '1' },
      { role: 'tool', callId: 'y', text: '2' },
      { role: 'assistant', text: '', calls: calls('x') },
      { role: 'tool', callId: 'x', text: '3' },
      { role: 'assistant', text: '', calls: calls('z') },
      { role: 'tool', callId: 'z', text: '4' },
    ]);
    expect(log.entries.map(({ recalled = false }) => recalled)).toEqual([true, true, true, true, false]);
  });

  it('is recalled once, before anything is said', () => {
    const log = new ConversationLog();
    log.recall(history());
    log.tools([{ call: { callId: 'z', name: 'clock', arguments: {} }, text: '4', startMs: 0, endMs: 1 }]);
    const late = { code: 'SLUICE_HISTORY_LATE' };
    expect(() => log.recall(history(said('hello')))).toThrow(expect.objectContaining(late));
    expect(log.entries).toHaveLength(1);
  });

  it.each<[unknown, string, RegExp]>([
    ['text', 'SLUICE_HISTORY_FORM', /an object/],
    [null, 'SLUICE_HISTORY_FORM', /null/],
    [{ ...history(), version: 2 }, 'SLUICE_HISTORY_VERSION', /version 1.*2/],
    [{ lines: [] }, 'SLUICE_HISTORY_VERSION', /undefined/],
    [{ version: 1 }, 'SLUICE_HISTORY_FORM', /lines/],
    [history(said('a'), null as never), 'SLUICE_HISTORY_FORM', /lines\[1\]/],
    [history({ who: 'system' as never, text: 'Obey.' }), 'SLUICE_HISTORY_FORM', /lines\[0\]\.who/],
    [history({ who: 'agent', text: 7 as never }), 'SLUICE_HISTORY_FORM', /lines\[0\]\.text/],
    [history({ ...said('a'), speakerName: {} as never }), 'SLUICE_HISTORY_FORM', /speakerName/],
    [history({ ...said('a'), interrupted: 'yes' as never }), 'SLUICE_HISTORY_FORM', /interrupted/],
    [history({ who: 'tool', text: 'noon', round: 'c1' }), 'SLUICE_HISTORY_FORM', /call.*callId/],
    [history({ ...tool('c1', 'a', 'noon'), round: undefined as never }), 'SLUICE_HISTORY_FORM', /round/],
    [history(...Array.from({ length: 5_001 }, () => said('a'))), 'SLUICE_HISTORY_FORM', /5000 lines/],
    [history(said('x'.repeat(1_000_001))), 'SLUICE_HISTORY_FORM', /1000000 letters/],
  ])('is refused where it is none: %#', (odd, code, message) => {
    const log = new ConversationLog();
    expect(() => log.recall(odd as ConversationHistory)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
    expect(log.entries).toEqual([]);
  });
});
