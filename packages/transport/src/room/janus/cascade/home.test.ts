import { expect, test } from 'vitest';
import { Home } from './home.ts';

const at = (host: string) => new URL(`janus+ws://${host}/hello`);

test('who moves is where the last socket went, whatever was chosen meanwhile', () => {
  const home = new Home(at('a'));
  expect(home.dial().host).toBe('a');
  home.moveTo(at('b'));
  expect(home.dial().host).toBe('b');
  home.moveTo(at('c'));
  expect(home.arrived()?.host).toBe('a');
  expect([home.url.host, home.dial().host]).toEqual(['b', 'b']);
  expect(home.arrived()).toBeUndefined();
});

test('those who lose a server are spread over the others, each to the same one again, and to none where there is none', () => {
  const others = ['a', 'b', 'c', 'd'].map(at);
  const chosen = Array.from({ length: 100 }, (_, n) => new Home(at('a')).choose(`${n}`, others)?.host);
  expect(new Set(chosen)).toEqual(new Set(['b', 'c', 'd']));
  for (const host of ['b', 'c', 'd']) expect(chosen.filter((one) => one === host).length).toBeGreaterThan(15);
  expect(new Home(at('a')).choose('7', others.toReversed())?.host).toBe(chosen[7]);
  expect(new Home(at('a')).choose('7', [at('a')])).toBeUndefined();
});
