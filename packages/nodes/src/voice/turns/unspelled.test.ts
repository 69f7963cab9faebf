import { describe, expect, it } from 'vitest';
import { unspelled } from './unspelled.ts';

describe('unspelled', () => {
  it.each([
    ['good morning', 'Good morning.'],
    ['good morning', ' GOOD   morning!?  '],
    ['well what now', 'Well, what now?'],
    ['he said stop it', 'He said: "Stop it."'],
    ['wait i think so', 'Wait … I think so...'],
    ['wait i think so', 'Wait - I think so'],
    ['wait i think so', 'wait—I think so'.replace('—', ' — ')],
    ['¿qué tal?', 'Qué tal'],
    ['caf\u00e9', 'Cafe\u0301'],
    ['你好 世界', '你好，世界。'],
    ['', ' ?!'],
  ])('takes %j and %j for the same words', (one, other) => {
    expect(unspelled(one)).toBe(unspelled(other));
  });

  it.each([
    ['good morning', 'good morning to you'],
    ['goodmorning', 'good morning'],
    ["we're", 'were'],
    ['1.5', '15'],
    ['1.5', '1 5'],
    ['-5', '5'],
    ['.5', '5'],
    ['5%', '5'],
    ['c++', 'c'],
    ['schön', 'schon'],
    ['e-mail', 'e mail'],
    ['two', '2'],
  ])('takes %j and %j for other words', (one, other) => {
    expect(unspelled(one)).not.toBe(unspelled(other));
  });
});
