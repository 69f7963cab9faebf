// Candidates sit on trains.
import { scenario } from '@sluice/scenario';
import { suite } from './interviewer.ts';

const { glitches: _, ...budgets } = suite.budgets;

scenario('understands somebody far away', { ...suite, budgets, modes: ['virtual'] }, async (talk) => {
  talk.network.set({ delayMs: 150 });
  await talk.say('hello');
  await talk.expectHeard('what is your name');
  await talk.say('ada');
  await talk.expectHeard('how many years');
  await talk.expectListening();
});

scenario('goes on after a hole in the line', { ...suite, budgets, modes: ['virtual'] }, async (talk) => {
  await talk.say('hello');
  await talk.expectHeard('what is your name');
  talk.network.cut(2_000);
  await talk.wait(2_500);
  await talk.say('ada');
  await talk.expectHeard('how many years');
  await talk.expectListening();
});
