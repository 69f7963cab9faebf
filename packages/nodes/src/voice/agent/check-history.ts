import { SluiceError } from '@sluice/core';
import type { NodesErrorCode } from '../../errors.ts';
import { type ConversationHistory, HISTORY_VERSION, type HistoryLine } from './conversation-history.ts';

/** Lines and letters that are read: more than is ever written, so that one made by hand may be larger. */
const MOST_LINES = 5_000;
const MOST_LETTERS = 1_000_000;

const SPEAKERS: readonly unknown[] = ['person', 'agent', 'tool'];
const TEXTS = ['speaker', 'speakerName', 'to'] as const;
const FLAGS = ['addressed', 'interrupted'] as const;

/**
 * Refuses what is no history. It comes from where it was kept, and may be of another version, cut off or somebody else's.
 *
 * @throws SluiceError `SLUICE_HISTORY_VERSION`, `SLUICE_HISTORY_FORM`; no message has a word of what was said
 */
export function checkHistory(history: unknown): asserts history is ConversationHistory {
  if (!isObject(history)) throw badForm('the history', 'an object', history);
  if (history.version !== HISTORY_VERSION) {
    const code: NodesErrorCode = 'SLUICE_HISTORY_VERSION';
    throw new SluiceError(code, 'the history of a conversation is of another version', {
      expected: `version ${HISTORY_VERSION}`,
      received: typeof history.version === 'number' ? history.version : typeof history.version,
      fix: 'Go on without it, or with the sluice that wrote it',
    });
  }
  const { lines } = history;
  if (!Array.isArray(lines) || lines.length > MOST_LINES) throw badForm('lines', `up to ${MOST_LINES} lines`, lines);
  let letters = 0;
  for (const [index, line] of lines.entries()) {
    checkLine(`lines[${index}]`, line);
    letters += line.text.length;
  }
  if (letters > MOST_LETTERS) throw badForm('lines', `up to ${MOST_LETTERS} letters of text`, letters);
}

function checkLine(at: string, line: unknown): asserts line is HistoryLine {
  if (!isObject(line)) throw badForm(at, 'an object', line);
  if (!SPEAKERS.includes(line.who)) throw badForm(`${at}.who`, "'person', 'agent' or 'tool'", line.who);
  if (typeof line.text !== 'string') throw badForm(`${at}.text`, 'a text', line.text);
  for (const one of TEXTS)
    if (line[one] !== undefined && typeof line[one] !== 'string') throw badForm(`${at}.${one}`, 'a text', line[one]);
  for (const one of FLAGS)
    if (line[one] !== undefined && typeof line[one] !== 'boolean')
      throw badForm(`${at}.${one}`, 'true or false', line[one]);
  if (line.who !== 'tool') return;
  if (typeof line.round !== 'string') throw badForm(`${at}.round`, 'a text', line.round);
  const { call } = line;
  if (!isObject(call) || typeof call.callId !== 'string' || typeof call.name !== 'string' || !isObject(call.arguments))
    throw badForm(`${at}.call`, '{ callId, name, arguments }', call);
}

function badForm(what: string, expected: string, received: unknown): SluiceError<NodesErrorCode> {
  const kind = received === null ? 'null' : Array.isArray(received) ? `${received.length} items` : typeof received;
  return new SluiceError('SLUICE_HISTORY_FORM', `${what} of a conversation's history is not as it has to be`, {
    expected,
    received: typeof received === 'number' ? received : kind,
    fix: 'Give what agent.history() gave, unchanged',
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
