import { setTimeout as sleep } from 'node:timers/promises';
import { heardBy } from '@sluice/plugin-openai/testing';
import { soundswallower } from '@sluice/plugin-soundswallower';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SimulatedPerson } from '../simulated-person.ts';
import { Recording, Smoke } from '../smoke.ts';

let smoke: Smoke;
beforeEach(async () => {
  smoke = await Smoke.open();
});
afterEach(() => smoke.close());

const sentences = ['good morning my friend', 'buenos dias senor', 'good morning sir', 'buenos dias amigo'];

it('says in each room what was said in the other, in its language, both at once, and does not hear itself', {
  timeout: 90_000,
}, async () => {
  const run = smoke.start('translator-two-rooms', '--local');
  const [ann, pablo] = [new SimulatedPerson('ann'), new SimulatedPerson('pablo')];
  const other = await run.told(/and (http\S+)/);
  await Promise.all([ann.join(smoke.url), pablo.join(other)]);
  const heard = [ann, pablo].map((person) => hear(person));
  await Promise.all([ann.say('good morning my friend'), pablo.say('buenos dias senor')]);
  await Promise.all([run.told(/(-> Spanish)/), run.told(/(-> English)/)]);
  // What it would make of its own voice.
  await sleep(2_000);
  run.child.kill('SIGINT');
  expect(await run.ended(), run.said).toBe(0);
  await Promise.all([ann.leave(), pablo.leave()]);

  expect(run.said.match(/.*->.*/g)?.sort()).toEqual([
    'English: good morning my friend -> Spanish: Buenos dias amigo.',
    'Spanish: buenos dias senor -> English: Good morning, sir.',
  ]);
  await using ears = heardBy(soundswallower({ sentences }));
  const understood = [];
  for (const recording of heard) understood.push(await ears({ samples: padded(recording), sampleRate: 48_000 }));
  expect(understood).toMatchObject([{ text: 'good morning sir' }, { text: 'buenos dias amigo' }]);
});

/** What a person hears of all others. */
function hear({ client }: SimulatedPerson): Recording {
  const recording = new Recording();
  for (const id of Object.keys(client.participants()))
    if (id !== 'local') client.setAudioRenderer(id, (_, frame) => recording.take(frame), { sampleRate: 48_000 });
  return recording;
}

/** With 300 ms of quiet around it, as ears expect. */
function padded(recording: Recording): Int16Array {
  const sound = recording.trimmed(300);
  const samples = new Int16Array(sound.length + 28_800).map((_, at) => (at % 7) - 3);
  samples.set(sound, 14_400);
  return samples;
}
