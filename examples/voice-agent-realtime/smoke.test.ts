import { afterEach, beforeEach, expect, it } from 'vitest';
import { Smoke } from '../smoke.ts';

let smoke: Smoke;
beforeEach(async () => {
  smoke = await Smoke.open();
});
afterEach(() => smoke.close());

it('answers, and what an interruption left unheard is cut at the service', {
  timeout: 90_000,
}, async () => {
  const run = smoke.startAlone('voice-agent-realtime', '--local', '--simulate');
  expect(await run.ended(), run.said).toBe(0);
  const log = run.output
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const said = (speaker: string) => log.filter(({ who }) => who === speaker).map(({ text }) => text);
  expect(said('person')).toEqual(['hello', 'tell me a story', 'thank you']);
  expect(said('agent')).toEqual(['Hello. What can I do for you?', expect.any(String), 'You are welcome.']);
  const { text, planned, interrupted, startMs, endMs } = log[3];
  expect(interrupted, run.said).toBe(true);
  expect(text).toMatch(/^Once upon/);
  expect(planned.startsWith(text) && planned !== text).toBe(true);
  const cut = /the service keeps (\d+) of (\d+) ms/.exec(run.said)!.slice(1).map(Number);
  // The words that were heard as a whole, and less than one more.
  expect(cut[0]).toBeGreaterThanOrEqual(Math.floor(endMs - startMs));
  expect(cut[0]).toBeLessThan(endMs - startMs + 1_000);
  expect(cut[0]).toBeLessThan(cut[1]!);
});
