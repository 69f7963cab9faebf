import { type Clock, checkKeys, invalidArgument } from '@sluice/core';
import { isVoiceModel, type TurnDetector } from '@sluice/core/voice';
import { checkMs, checkNumber } from '../../options/check-option.ts';
import type { TurnFloor, TurnStrategy } from './turn-strategy.ts';

/** After which silence a turn is over: see {@link silence}. */
export interface SilenceOptions {
  /** Silence after which a turn is over, in milliseconds from the last voiced sample. Default 500. */
  readonly ms?: number;
  /** How much longer than its latency the recogniser's last word is waited for, in milliseconds. Default 50. */
  readonly marginMs?: number;
}

/**
 * A turn is over after a silence: `ms`, and never before the recogniser can have told its last word, which its `latencyMs`
 * says.
 */
export function silence(options: SilenceOptions = {}): TurnStrategy {
  checkKeys<SilenceOptions>('silence', options, { ms: true, marginMs: true });
  const { ms = 500, marginMs = 50 } = options;
  checkMs('silence.ms', ms);
  checkMs('silence.marginMs', marginMs);
  return { name: 'silence', endAfterMs: ({ recognizerLatencyMs }) => Math.max(ms, recognizerLatencyMs + marginMs) };
}

/** How many words interrupt an agent: see {@link minimumWords}. */
export interface MinimumWordsOptions {
  /** Words that have to be recognised before the agent is interrupted. */
  readonly words: number;
}

/** Fewer words than these do not interrupt the agent: it pauses, and goes on if no more come. */
export function minimumWords(options: MinimumWordsOptions): TurnStrategy {
  checkKeys<MinimumWordsOptions>('minimumWords', options, { words: true });
  const { words } = options;
  checkNumber('minimumWords.words', words, { min: 1, max: 100, unit: 'words', integer: true });
  return {
    name: 'minimum-words',
    interrupts: ({ text }) => ((text.match(/\S+/g)?.length ?? 0) >= words ? 'interrupt' : 'wait'),
  };
}

/** What counts as a sign of listening: see {@link backChannels}. */
export interface BackChannelsOptions {
  /** What is said to show that one listens. Default: the English ones. */
  readonly phrases?: readonly string[];
}

const listening = [
  'uh huh',
  'mm hmm',
  'mhm',
  'mm',
  'hmm',
  'yeah',
  'yes',
  'yep',
  'right',
  'okay',
  'ok',
  'sure',
  'i see',
  'wow',
];

/** "Uh huh" and the like while the agent speaks are not an interruption, nor a turn. */
export function backChannels(options: BackChannelsOptions = {}): TurnStrategy {
  checkKeys<BackChannelsOptions>('backChannels', options, { phrases: true });
  const { phrases = listening } = options;
  if (!Array.isArray(phrases) || phrases.some((phrase) => typeof phrase !== 'string'))
    throw invalidArgument('backChannels.phrases', 'a list of texts', phrases);
  const known = phrases.map(plain).filter((phrase) => phrase !== '');
  const only = (text: string): boolean => {
    let left = plain(text);
    while (left !== '') {
      const phrase = known.find((one) => left === one || left.startsWith(`${one} `));
      if (phrase === undefined) return false;
      left = left.slice(phrase.length).trim();
    }
    return true;
  };
  return {
    name: 'back-channels',
    interrupts: ({ text, speaking }) => {
      if (text === '') return 'wait';
      if (!only(text)) return 'interrupt';
      return speaking ? 'wait' : 'ignore';
    },
  };
}

/** A strategy of turns that a button tells: see {@link pushToTalk}. */
export interface PushToTalk extends TurnStrategy {
  /** They want to speak: from now on they are heard, and the agent is interrupted. */
  press(): void;
  /** They are done: the turn ends with the recogniser's last word. */
  release(): void;
  /** Between `press` and `release`. */
  readonly pressed: boolean;
}

/** The person is heard only while a button is pressed; releasing it ends the turn. */
export function pushToTalk(): PushToTalk {
  let floor: TurnFloor | undefined;
  let pressed = false;
  return {
    name: 'push-to-talk',
    get pressed() {
      return pressed;
    },
    press() {
      pressed = true;
      floor?.reconsider();
    },
    release() {
      if (!pressed) return;
      pressed = false;
      floor?.endTurn();
    },
    listens: () => pressed,
    endAfterMs: () => Number.POSITIVE_INFINITY,
    interrupts: () => (pressed ? 'interrupt' : 'ignore'),
    attach: (given) => {
      floor = given;
      return undefined;
    },
  };
}

/** A strategy of turns that the application tells: see {@link externalTurns}. */
export interface ExternalTurns extends TurnStrategy {
  /** The turn is over. */
  end(): void;
}

/** Somebody else says when a turn is over: a service with turn events of its own, a button. */
export function externalTurns(): ExternalTurns {
  let floor: TurnFloor | undefined;
  return {
    name: 'external',
    end: () => floor?.endTurn(),
    endAfterMs: () => Number.POSITIVE_INFINITY,
    attach: (given) => {
      floor = given;
      return undefined;
    },
  };
}

/** Which model {@link judged} asks whether a turn is over, and what it makes of the answer. */
export interface JudgedOptions<Settings = unknown> {
  /** Says how probable it is that a turn is finished. */
  readonly detector: TurnDetector<Settings>;
  /** By which the silences are counted: the one of the graph. */
  readonly clock: Clock;
  /** From which probability on a turn is taken for finished. Default 0.5. */
  readonly threshold?: number;
  /** The silence after which a turn that is taken for finished is over, in milliseconds. Default 200. */
  readonly finishedMs?: number;
  /** The same for one that is not. Default 1,800. */
  readonly unfinishedMs?: number;
}

/** A turn detector judges, with each pause, whether the turn is over. Until it answers the turn counts as unfinished. */
export function judged<Settings>(options: JudgedOptions<Settings>): TurnStrategy {
  checkKeys<JudgedOptions<Settings>>('judged', options, {
    detector: true,
    clock: true,
    threshold: true,
    finishedMs: true,
    unfinishedMs: true,
  });
  const { detector, clock, threshold = 0.5, finishedMs = 200, unfinishedMs = 1_800 } = options;
  if (!isVoiceModel(detector, 'turn-detector')) throw invalidArgument('judged.detector', 'a TurnDetector', detector);
  checkNumber('judged.threshold', threshold, { min: 0, max: 1, unit: 'probability' });
  checkMs('judged.finishedMs', finishedMs);
  checkMs('judged.unfinishedMs', unfinishedMs);
  let asked = '';
  let finished = false;
  let ask: ((text: string, pauseMs: number) => void) | undefined;
  return {
    name: 'judged',
    endAfterMs: ({ text, speaking, silenceMs }) => {
      if (speaking || text !== asked) finished = false;
      if (!speaking && text !== asked) {
        asked = text;
        ask?.(text, silenceMs);
      }
      return finished ? finishedMs : unfinishedMs;
    },
    attach: (floor) => {
      const closing = new AbortController();
      let count = 0;
      const { random = Math.random } = floor;
      void detector.open({ clock, random, signal: closing.signal }).then(
        async (session) => {
          ask = (text, pauseMs) =>
            void session.write({ id: `${++count}`, epoch: 0, text, words: floor.state.words, pauseMs });
          for await (const { id, probability } of session) {
            if (id !== `${count}`) continue;
            finished = probability >= threshold;
            floor.reconsider();
          }
        },
        // Without its answer a turn is over after the longer silence.
        () => {},
      );
      return () => closing.abort();
    },
  };
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
