import { micros } from '@sluice/core';
import { fakeRecognizer } from '@sluice/core/voice';
import { describe, expect, it } from 'vitest';
import { HeardAt } from './heard-at.ts';
import { transcriberConfig } from './transcriber-options.ts';
import { transcriptText } from './transcript-text.ts';

const frame = (ms: number) => ({ timestamp: micros(ms * 1_000), duration: micros(20_000) });

describe('when words were heard', () => {
  it('is told by the earliest arrival', () => {
    const heard = new HeardAt();
    expect(heard.isoOf(0, 5_000)).toBe('1970-01-01T00:00:05.000Z');
    heard.arrived(frame(0), 60_400);
    heard.arrived(frame(20), 60_040);
    heard.arrived(frame(40), 60_300);
    expect(heard.isoOf(500_000, 99_000)).toBe('1970-01-01T00:01:00.500Z');
  });

  it('follows a stream that comes later and later', () => {
    const heard = new HeardAt();
    for (let i = 0; i < 180_000; i++) heard.arrived(frame(i * 20), (i + 1) * 20.002);
    expect(Math.abs(Date.parse(heard.isoOf(180_000 * 20_000, 0)) - 180_000 * 20.002)).toBeLessThan(2);
  });
});

describe('the text of a message', () => {
  it.each([
    [' two\\nlines\\u0000 ', 'two lines'],
    ['lone \\ud800 half', 'lone   half'],
    ['é'.repeat(3_000), 'é'.repeat(2_048)],
    [`${'ab'.repeat(2_048)}ü`, `${'ab'.repeat(2_047)}ü`],
  ])('fits (%#)', (given, told) => {
    const text = transcriptText(JSON.parse(`"${given}"`));
    expect(text).toBe(told);
  });
});

describe('options of a transcriber', () => {
  const recognizer = fakeRecognizer();
  it.each([
    {},
    { recognizer: 'whisper' },
    { recognizer, detector: recognizer },
    { recognizer, sources: 'microphone' },
    { recogniser: recognizer },
  ])('%# is refused', (options) => {
    expect(() => transcriberConfig(options as never)).toThrow(TypeError);
  });

  it('chooses by what was asked for', () => {
    const config = transcriberConfig({ recognizer: ({ language }) => (language === 'en' ? recognizer : (7 as never)) });
    expect(config.recognizer({ language: 'en' })).toBe(recognizer);
    expect(() => config.recognizer({})).toThrow(TypeError);
    expect(config.settings({ extra: { beam: 3 } })).toEqual({ beam: 3 });
  });
});
