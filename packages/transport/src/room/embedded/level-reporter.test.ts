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
