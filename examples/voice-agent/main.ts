// An agent that talks, listens and falls silent, without account, key or download. --simulate: a second bot plays the person.
import { parseArgs } from 'node:util';
import { Daily } from '@sluice/transport';
import { openRoom, say } from '../room.ts';
import { startAgent } from './agent.ts';
import { sentences } from './answers.ts';
import { simulate } from './simulate/simulate.ts';

const options = {
  simulate: { type: 'boolean' },
  seed: { type: 'string' },
  interruptions: { type: 'string' },
  seconds: { type: 'string' },
} as const;
const { values } = parseArgs({ options, allowPositionals: true });
Daily.init();

if (values.simulate) {
  const seed = Number(values.seed ?? 1);
  process.exitCode = await simulate({ seed, interruptions: Number(values.interruptions ?? 3), say: print });
} else {
  await using room = await openRoom();
  const running = await startAgent(room.url, {
    onEvent: (event) => {
      if (event.type === 'logged') say(`${event.entry.who}: ${event.entry.text}`);
    },
  });
  say(`the agent is in the room; it understands: ${sentences.join(', ')}`);
  await room.stopped;
  await running.close();
}
await Daily.deinit();

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
