// A whole conversation without a person: the lines are said over a real call, and everything is measured.
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '@sluice/core/testing';
import type { AgentEvent } from '@sluice/nodes';
import { startRoomServer } from '@sluice/transport';
import { type AgentObserver, startAgent } from '../agent.ts';
import type { Conversation } from './conversation.ts';
import { drawConversation } from './conversation-picture.ts';
import { measureConversation } from './measure-conversation.ts';
import { Person } from './person.ts';
import { reportLines, verdict } from './report.ts';
import { script, shortScript } from './script.ts';
import { VoiceWatch } from './voice-watch.ts';

/** Longest that a reply may keep the person waiting, in milliseconds. */
const PATIENCE_MS = 20_000;

export interface SimulateOptions {
  readonly seed: number;
  readonly interruptions: number;
  /** Half a minute in place of two. */
  readonly short: boolean;
  /** Whether the agent hears its own sentences only, also where free speech could be had. */
  readonly grammar: boolean;
  readonly say: (line: string) => void;
}

/** Runs the conversation, writes `out/agent.*`, and gives the exit status. */
export async function simulate({ seed, interruptions, short, grammar, say }: SimulateOptions): Promise<number> {
  mkdirSync(resolve('out'), { recursive: true });
  const path = (ending: string) => resolve('out', `agent.${ending}`);
  const server = await startRoomServer();
  const events: AgentEvent[] = [];
  const url = server.roomUrl('agent');
  const watch = new VoiceWatch();
  const onEvent = (event: AgentEvent) => {
    events.push(event);
    if (event.type === 'logged')
      say(`${event.entry.who.padEnd(6)} ${event.entry.text}${event.entry.interrupted ? ' -' : ''}`);
    if (event.type === 'problem') say(`problem: ${event.error.message}`);
  };
  const observer: AgentObserver = { onEvent, watch: (speaks, clock) => watch.sink(speaks, clock) };
  const running = await startAgent(url, { grammar, observer });
  const person = new Person(path('wav'));
  await person.join(url);
  // The jitter buffers find their size meanwhile.
  await sleep(1_500);

  const lines = [];
  for (const line of short ? shortScript : script(seededRandom(seed), interruptions)) {
    const from = events.length;
    const spoken = await person.say(line.say);
    const isHeard = await happens(() => events.slice(from).some(isSpeaking));
    if (isHeard && line.interruptAfterMs !== undefined) await sleep(line.interruptAfterMs);
    else {
      await happens(() => running.agent.state.state === 'listening');
      await sleep(line.pauseMs ?? 700);
    }
    const turn = events.slice(from).find((event) => event.type === 'turn')?.turn;
    lines.push({ line, spoken, turn });
  }
  const log = running.agent.log;
  await person.leave();
  await running.close();
  await server.close();

  const traces = events.filter((event) => event.type === 'trace').map(({ trace }) => trace);
  const conversation: Conversation = { lines, traces, sentences: watch.sentences, startMs: person.startMs };
  const measured = await measureConversation(path('wav'), conversation);
  writeFileSync(path('jsonl'), log.entries.map((entry) => `${JSON.stringify(measured.onRecording(entry))}\n`).join(''));
  writeFileSync(path('json'), `${JSON.stringify(measured.report, null, 2)}\n`);
  writeFileSync(path('png'), drawConversation(measured));
  const faults = verdict(measured);
  for (const line of reportLines(measured, faults)) say(line);
  return faults.length === 0 ? 0 : 1;
}

/** The first sample of a reply has left the device. */
function isSpeaking(event: AgentEvent): boolean {
  return event.type === 'state' && event.state === 'speaking';
}

/** Waits for something to be so; false if it never is. */
async function happens(is: () => boolean): Promise<boolean> {
  for (let waited = 0; waited < PATIENCE_MS; waited += 20) {
    if (is()) return true;
    await sleep(20);
  }
  return false;
}
