// An agent that talks, listens and falls silent, without account, key or download. --simulate: a second bot plays the person.
import { parseArgs } from 'node:util';
import type { AgentEvent } from '@sluice/nodes';
import { Daily } from '@sluice/transport';
import { openRoom, say } from '../room.ts';
import { startAgent } from './agent.ts';
import { sentences } from './answers.ts';
import { simulate } from './simulate/simulate.ts';

const options = {
  simulate: { type: 'boolean' },
  grammar: { type: 'boolean' },
  free: { type: 'boolean' },
  short: { type: 'boolean' },
  seed: { type: 'string' },
  interruptions: { type: 'string' },
  seconds: { type: 'string' },
} as const;
const { values } = parseArgs({ options, allowPositionals: true });
Daily.init();

if (values.simulate) {
  const seed = Number(values.seed ?? 1);
  process.exitCode = await simulate({
    seed,
    interruptions: Number(values.interruptions ?? 3),
    short: values.short === true,
    // Its own sentences are heard with fewer errors, and are all that is said.
    grammar: values.free !== true,
    say: print,
  });
} else {
  await using room = await openRoom(options);
  let over = () => {};
  // Nobody is there any more.
  const alone = new Promise<void>((resolve) => {
    over = resolve;
  });
  const onEvent = (event: AgentEvent) => {
    if (event.type === 'state' && event.state === 'ended') over();
    if (event.type === 'logged') say(`${event.entry.who}: ${event.entry.text}`);
  };
  const running = await startAgent(room.url, { grammar: values.grammar === true, observer: { onEvent } });
  say(`the agent is in the room: open ${room.url} in a browser, or join with a program`);
  say(`it understands: ${sentences.join(', ')}`);
  await Promise.race([room.stopped, alone]);
  await running.close();
}
await Daily.deinit();

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
