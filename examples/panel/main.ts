// Two agents and two people in one room. --turns n: how often each agent answers the other before a
// person has to speak. --spoken: with words, by flite and soundswallower.
import { mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { AgentEvent, LogEntry } from '@sluice/nodes';
import { Daily } from '@sluice/transport';
import { openRoom } from '../room.ts';
import { modelsOf } from './models.ts';
import { joinPanelist } from './panelist.ts';
import { Person } from './person.ts';

const options = { turns: { type: 'string' }, spoken: { type: 'boolean' }, seconds: { type: 'string' } } as const;
const { values } = parseArgs({ options, allowPositionals: true });
const turns = Number(values.turns ?? 1);
await using room = await openRoom(options);
Daily.init();

const events: { readonly name: string; readonly event: AgentEvent }[] = [];
const names = new Map<string, string>();
const observe = (name: 'Ada' | 'Max') => (event: AgentEvent) => {
  events.push({ name, event });
  if (event.type === 'speaker-joined') names.set(event.speaker.id, event.speaker.name ?? event.speaker.id);
  if (event.type === 'logged') print(`${name.padEnd(4)} ${told(event.entry)}`);
  if (event.type === 'speaker-left') print(`${name.padEnd(4)} ${event.speaker.name} has left`);
  if (event.type === 'problem') print(`${name.padEnd(4)} problem: ${event.error.message}`);
};
const [deep, high] = [modelsOf(values.spoken === true, 'rms'), modelsOf(values.spoken === true, 'slt')];
const bob = new Person(room.url, 'Bob', deep.synthesizer);
const eve = new Person(room.url, 'Eve', high.synthesizer);
for (const person of [bob, eve]) {
  await person.start();
  await person.join();
}
const ada = await joinPanelist(room.url, { name: 'Ada', models: high, turns, onEvent: observe('Ada') });
const max = await joinPanelist(room.url, { name: 'Max', models: deep, turns, onEvent: observe('Max') });
// Everybody knows everybody, and the jitter buffers find their size.
await until(() => [ada, max].every(({ agent }) => agent.speakers.length === 3), 5_000);
await sleep(1_500);

await ask(bob, 'ada good morning', ada);
// The agents talk to each other now, as often as they may.
await quiet();
await ask(eve, 'ada tell us a story', ada);
await bob.leave();
await sleep(1_000);
await bob.join();
await quiet();
await ask(bob, 'max who was speaking', max);
await quiet();

const lines = ({ agent }: typeof ada) => agent.log.entries.map(lineOf);
mkdirSync('out', { recursive: true });
const left = events.filter(({ event }) => event.type === 'speaker-left').length;
const report = {
  ada: lines(ada),
  max: lines(max),
  left,
  cut: events.filter(({ event }) => event.type === 'interrupted').length,
};
writeFileSync('out/panel.json', `${JSON.stringify(report, null, 2)}\n`);
for (const one of [ada, max, bob, eve]) await one.close();
await Daily.deinit();

/** Says it until it is answered, three times at most, as people do. */
async function ask(person: Person, text: string, whom: typeof ada): Promise<void> {
  const answered = () => whom.agent.state.state === 'speaking';
  for (let times = 0; times < 3 && !answered(); times++) {
    await person.say(text);
    await until(answered, 2_500);
  }
}

/** Until no agent has thought or spoken for a second and a half. */
async function quiet(): Promise<void> {
  const busy = () => [ada, max].some(({ agent }) => agent.state.state !== 'listening');
  for (let silentMs = 0, waited = 0; silentMs < 1_500 && waited < 30_000; waited += 50) {
    silentMs = busy() ? 0 : silentMs + 50;
    await sleep(50);
  }
}

async function until(is: () => boolean, withinMs: number): Promise<void> {
  for (let waited = 0; waited < withinMs && !is(); waited += 20) await sleep(20);
}

function lineOf({ who, text, speakerName, addressed, to, interrupted = false }: LogEntry): object {
  return who === 'agent' ? { who, to: nameOf(to), text, interrupted } : { who, from: speakerName, addressed, text };
}

function nameOf(id: string | undefined): string {
  return names.get(id ?? '') ?? 'all';
}

/** `hears Bob (to it): ...`, `says to Bob: ...` */
function told({ who, speakerName, addressed, text, to, interrupted }: LogEntry): string {
  if (who === 'agent') return `says to ${nameOf(to)}: ${text}${interrupted ? ' -' : ''}`;
  return `hears ${speakerName ?? 'somebody'}${addressed ? ', who means it' : ''}: ${text || '(not understood)'}`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
