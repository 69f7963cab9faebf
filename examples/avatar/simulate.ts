// A second bot asks and interrupts; a third one watches the lips.
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { realClock, type VideoFrame } from '@sluice/core';
import type { AgentEvent } from '@sluice/nodes';
import { CallClient, startRoomServer } from '@sluice/transport';
import { PNG } from 'pngjs';
import { Person } from '../voice-agent/simulate/person.ts';
import { startAvatar } from './agent.ts';
import { face } from './face.ts';
import { LipWatch } from './lip-watch.ts';

/** What people notice: sound that is 45 ms early or 125 ms late (ITU-R BT.1359-1). */
const [EARLIEST_MS, LATEST_MS] = [-45, 125];
const PATIENCE_MS = 15_000;

/** Writes `out/avatar.*` and gives the exit status. */
export async function simulate(say: (line: string) => void): Promise<number> {
  mkdirSync(resolve('out'), { recursive: true });
  const path = (ending: string) => resolve('out', `avatar.${ending}`);
  const server = await startRoomServer();
  const url = server.roomUrl('avatar');
  const events: AgentEvent[] = [];
  const avatar = await startAvatar(url, (event) => {
    events.push(event);
    if (event.type === 'logged') say(`${event.entry.who}: ${event.entry.text}`);
  });
  const watcher = new CallClient();
  const lips = new LipWatch();
  lips.watch(watcher, avatar.participantId);
  await watcher.join(url);
  const person = new Person(path('wav'));
  await person.join(url);
  await sleep(1_500);

  const speaking = () => avatar.agent.state.state === 'speaking';
  await person.say('hello');
  await until(speaking);
  await until(() => !speaking());
  await sleep(1_200);
  await person.say('tell me about yourself');
  await until(speaking);
  await sleep(2_500);
  const saidMs = realClock.now();
  await person.say('stop');
  // The answer to that comes later than the silence.
  await until(() => events.some(({ type }) => type === 'interrupted'));
  const interruptedMs = realClock.now();
  const silentMs = lips.lastHeard(interruptedMs + 50);
  const shutMs = lips.lastOpen(interruptedMs + 50);
  await until(speaking);
  await until(() => !speaking());
  await sleep(1_000);
  await person.leave();
  await avatar.close();
  const report = { ...lips.report(), interruption: { silentMs: silentMs - saidMs, shutMs: shutMs - saidMs } };
  if (lips.widest !== undefined) writeFileSync(path('png'), toPng(lips.widest));
  writeFileSync(path('json'), `${JSON.stringify(report, null, 2)}\n`);
  await watcher.release();
  await server.close();
  const { skewMs, likeness, openInSilence, interruption } = report;
  const lag = Math.round(interruption.shutMs - interruption.silentMs);
  say(`lip sync at the far end: the sound comes ${skewMs} ms after the mouth moves (likeness ${likeness.toFixed(2)})`);
  say(`mouth in silence: ${Math.round(openInSilence * 100)} % open; interrupted, it shuts ${lag} ms after the voice`);
  return skewMs >= EARLIEST_MS && skewMs <= LATEST_MS && openInSilence < 0.1 ? 0 : 1;
}

async function until(is: () => boolean): Promise<void> {
  for (let waited = 0; waited < PATIENCE_MS && !is(); waited += 20) await sleep(20);
}

function toPng({ data }: VideoFrame): Buffer {
  const png = new PNG(face);
  for (let at = 0; at < face.width * face.height; at++)
    png.data.set([...data.subarray(3 * at, 3 * at + 3), 255], 4 * at);
  return PNG.sync.write(png);
}
