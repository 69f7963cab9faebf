import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Message } from '@sluice/core/voice';
import { connectNats, type FleetConnection, openFleet } from '@sluice/fleet';
import { type LocalNats, startNats } from '@sluice/fleet/testing';
import type { ConversationHistory } from '@sluice/nodes';
import { afterEach, beforeEach, expect, test } from 'vitest';

interface Line {
  readonly worker: string;
  readonly id?: string;
  /** What a model is told. */
  readonly messages?: readonly Message[];
  /** What is kept. */
  readonly history?: ConversationHistory;
}

let server: LocalNats;
let nats: FleetConnection;
const processes = new Map<string, ChildProcess>();
const told: Line[] = [];
let look = () => {};
beforeEach(async () => {
  server = await startNats();
  nats = await connectNats({ servers: server.url });
});
afterEach(async () => {
  for (const child of processes.values()) child.kill('SIGKILL');
  await nats.close();
  await server.close();
});

function start(name: string): void {
  const program = join(import.meta.dirname, 'recalled', 'voice-worker.mjs');
  const child = fork(program, [server.url, name], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  processes.set(name, child);
  createInterface({ input: child.stdout! }).on('line', (line) => {
    told.push(JSON.parse(line));
    look();
  });
}

async function line(isMeant: (line: Line) => boolean): Promise<Line> {
  for (;;) {
    const found = told.find(isMeant);
    if (found !== undefined) return found;
    await new Promise<void>((resolve) => (look = resolve));
  }
}

const spoken = ({ history }: Line) => history?.lines.find(({ who }) => who === 'agent')?.text ?? '';

test('the agent that goes on after kill -9 is told what was said and what was heard of its answer', async () => {
  for (const name of ['a', 'b']) start(name);
  for (const name of ['a', 'b']) await line(({ worker, id }) => worker === name && id !== undefined);
  await using fleet = await openFleet({ nats });
  const job = await fleet.dispatch('receptionist', {}, { job: 'desk' });
  // It is in the midst of its answer, and has been told so for as long as a write takes.
  const heard = await line((one) => spoken(one).startsWith('one two three'));
  await line((one) => spoken(one).startsWith(`${spoken(heard)} `) && spoken(one).split(' ').length > 6);
  const dying = heard.worker;
  processes.get(dying)!.kill('SIGKILL');
  const { messages } = await line(({ worker, messages }) => worker !== dying && messages !== undefined);
  expect(messages).toEqual([
    { role: 'user', text: 'my name is Ada' },
    { role: 'assistant', text: expect.stringMatching(/^one two three/) },
    { role: 'user', text: 'what is my name' },
  ]);
  const whole = 'one two three four five six seven eight nine ten '.repeat(10);
  expect(messages![1]!.text.length).toBeLessThan(whole.length / 2);
  expect(whole.startsWith(messages![1]!.text)).toBe(true);
  await job.cancel();
});
