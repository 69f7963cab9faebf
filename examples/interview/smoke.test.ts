import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Smoke } from '../smoke.ts';
import { farewell, nextLine, questions } from './questions.ts';

let smoke: Smoke;
beforeEach(async () => {
  smoke = await Smoke.open();
});
afterEach(() => smoke.close());

const report = () => JSON.parse(readFileSync(join(smoke.directory, 'out/interview.json'), 'utf8'));
const junit = () => readFileSync(join(smoke.directory, 'out/interview.xml'), 'utf8');

it('passes its scenarios, and fails them when it is broken on purpose', async () => {
  const run = smoke.startAlone('interview');
  expect(await run.ended(), run.output.toString()).toBe(0);
  expect(report()).toHaveLength(7);
  expect(junit().match(/<testsuite name=/g)).toHaveLength(3);
  expect(junit()).not.toContain('<failure');

  const broken = smoke.startAlone('interview', '--hasty', '--grep', 'again');
  expect(await broken.ended(), broken.output.toString()).toBe(1);
  const failed = report().filter(({ passed }: { passed: boolean }) => !passed);
  expect(failed).toMatchObject([{ name: 'asks again what it was interrupted in' }]);
  expect(junit().match(/<failure/g)).toHaveLength(1);
  const [{ artifacts, failedStep }] = failed;
  expect(failedStep).toMatchObject({ who: 'person', name: expect.stringContaining('expectHeard') });
  for (const path of Object.values<string>(artifacts)) expect(existsSync(path), path).toBe(true);
});

it('passes one over a real call too', async () => {
  const run = smoke.startAlone('interview', '--real', '--grep', 'on demand');
  expect(await run.ended(), run.output.toString()).toBe(0);
  expect(report()).toMatchObject([{ passed: true, mode: 'real' }]);
});

it('goes on to the next question when the last one was heard and answered', () => {
  const [name, years, bug] = questions.map(({ ask }) => ask);
  const said = (...lines: readonly string[]) =>
    lines.map((text, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', text }) as const);
  expect(nextLine(said('hello'))).toBe(`Welcome. ${name}`);
  expect(nextLine(said('hello', 'Welcome. What is', 'sorry'))).toBe(name);
  expect(nextLine(said('hello', `Welcome. ${name}`, 'Ada'))).toBe(years);
  expect(nextLine(said('hello', `Welcome. ${name}`, 'Ada', `${years}`, 'many'))).toBe(`A number, please. ${years}`);
  expect(nextLine(said('hello', `Welcome. ${name}`, 'Ada', `${years}`, 'nine'))).toBe(bug);
  expect(nextLine(said('hello', `Welcome. ${name}`, 'Ada', `${years}`, 'nine', `${bug}`, 'a race'))).toBe(farewell);
});
