import { VirtualClock } from '@sluice/core/testing';
import { expect, test } from 'vitest';
import { LevelReporter, type ParticipantLevel } from './level-reporter.ts';

const piece = (height: number) => new Int16Array(480).fill(height);

test('a quiet track beside a loud one takes nothing from it, and silence is not told', async () => {
  const clock = new VirtualClock();
  const reports: ParticipantLevel[][] = [];
  const reporter = new LevelReporter(clock, (levels) => reports.push(levels));
  for (let time = 0; time <= 500; time += 10) {
    reporter.take('ada', 'microphone', piece(0));
    reporter.take('ada', 'customAudio.voice', piece(16_384));
    reporter.take('grace', 'microphone', piece(10));
    await clock.advance(10);
  }
  const ada = [{ id: 'ada', dbfs: -6 }];
  expect(reports).toEqual([ada, ada]);
});

test('who is forgotten is not told of', async () => {
  const clock = new VirtualClock();
  const reports: ParticipantLevel[][] = [];
  const reporter = new LevelReporter(clock, (levels) => reports.push(levels));
  reporter.take('ada', 'microphone', piece(16_384));
  reporter.forget('ada');
  await clock.advance(300);
  reporter.take('grace', 'microphone', piece(16_384));
  expect(reports).toEqual([[{ id: 'grace', dbfs: -6 }]]);
});

test('a speaker whom all know is told of once a second while nobody else is heard, and to the last word', async () => {
  const clock = new VirtualClock();
  const reports: string[] = [];
  let speaker: string | null = null;
  const reporter = new LevelReporter(
    clock,
    (levels) => reports.push(`${clock.now()} ${levels.map(({ id, dbfs }) => `${id} ${dbfs}`).join()}`),
    () => speaker,
  );
  const pass = async (ms: number, ada: number, grace: number) => {
    for (let passed = 0; passed < ms; passed += 10) {
      reporter.take('ada', 'microphone', piece(ada));
      reporter.take('grace', 'microphone', piece(grace));
      await clock.advance(10);
    }
  };
  await pass(260, 16_384, 0);
  expect(reports).toEqual(['250 ada -6']);
  speaker = 'ada';
  await pass(1_500, 16_384, 0);
  expect(reports.splice(0)).toEqual(['250 ada -6', '1250 ada -6']);
  // The other one is told of as soon as ever.
  await pass(490, 16_384, 8_192);
  await pass(510, 16_384, 0);
  expect(reports.splice(0)).toEqual(['2000 ada -6,grace -12.2', '2250 ada -6,grace -12']);
  await pass(2_000, 0, 0);
  expect(reports).toEqual(['3000 ada -6']);
});
