import { afterEach, beforeEach, expect, it } from 'vitest';
import { Smoke } from '../smoke.ts';

let smoke: Smoke;
beforeEach(async () => {
  smoke = await Smoke.open();
});
afterEach(() => smoke.close());

it('answers, asks its tool, is cut where it was interrupted, and goes on with the other voice', {
  timeout: 90_000,
}, async () => {
  const run = smoke.startAlone('voice-agent-openai', '--local', '--simulate');
  expect(await run.ended(), run.said).toBe(0);
  const log = run.output
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(log.map(({ who, text }) => (who === 'person' ? text : who))).toEqual([
    'what is the weather in oslo',
    'tool',
    'agent',
    'tell me a story',
    'agent',
    'thank you',
    'agent',
  ]);
  expect(run.said).toMatch(/the weather in Oslo was asked for/);
  expect(log[2].text).toBe('One moment. In Oslo it has seven degrees and rain.');
  const { text, planned, interrupted } = log[4];
  expect(interrupted, run.said).toBe(true);
  expect(text).toMatch(/^Once upon/);
  expect(planned.startsWith(text) && planned !== text).toBe(true);
  expect(run.said).toMatch(/openai-speech -> flite: .*hoarse/);
  expect(log[6].text).toBe('You are welcome.');
});

it('says which variable is missing', async () => {
  const run = smoke.startAlone('voice-agent-openai');
  expect(await run.ended()).toBe(2);
  expect(run.said).toMatch(/OPENAI_API_KEY is not set.*--local/s);
});
