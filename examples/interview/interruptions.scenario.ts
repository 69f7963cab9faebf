// What was not heard was not asked.
import { scenario } from '@sluice/scenario';
import { suite } from './interviewer.ts';

const budgets = { ...suite.budgets, timeToSilenceMs: 400 };

scenario('asks again what it was interrupted in', { ...suite, budgets }, async (talk) => {
  await talk.say('hello');
  await talk.bargeInAt({ word: 'your' }, 'sorry i was away');
  await talk.expectSilenceWithin(400);
  await talk.expectHeard('what is your name');
  await talk.say('ada');
  await talk.expectHeard('how many years');
  await talk.expectListening();
});

// Over a call some packets come late where the machine is busy.
const overCall = { ...suite.budgets, glitches: 20, lostPackets: 0 };

scenario('repeats a question on demand', { ...suite, budgets: overCall }, async (talk) => {
  await talk.say('hello');
  await talk.expectHeard('what is your name');
  await talk.say('pardon');
  await talk.expectHeard('what is your name');
  await talk.expectListening();
});

scenario('goes on after a cough', { ...suite, modes: ['virtual'] }, async (talk) => {
  await talk.say('hello');
  await talk.expectHeard('what is your name');
  await talk.say('ada');
  await talk.wait(1_500);
  await talk.cough();
  await talk.expectHeard('written programs');
  await talk.expectListening();
});
