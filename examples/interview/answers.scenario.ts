// The interview as it should go, and answers that are none.
import { scenario } from '@sluice/scenario';
import { suite } from './interviewer.ts';

scenario('asks its questions in order', suite, async (talk) => {
  await talk.say('hello');
  await talk.expectHeard('what is your name');
  await talk.say('ada');
  await talk.expectHeard('how many years');
  await talk.say('nine years');
  await talk.expectHeard('hardest bug');
  await talk.say('a race');
  await talk.expectHeard('you will hear from us');
  await talk.expectListening();
});

scenario('insists on a number', suite, async (talk) => {
  await talk.say('hello');
  await talk.expectHeard('what is your name');
  await talk.say('ada');
  await talk.expectHeard('how many years');
  await talk.say('many');
  await talk.expectHeard('a number please how many years');
  await talk.say('nine');
  await talk.expectHeard('hardest bug');
  await talk.expectListening();
});
