// An agent's end of a call: its microphone and its client in a room, what it tells, and a person who may be simulated.
import type { Graph } from '@sluice/core';
import type { AgentEvent } from '@sluice/nodes';
import { CallClient, Daily, type VirtualMicrophoneDevice } from '@sluice/transport';
import { openRoom, say } from './room.ts';
import { type Line, SimulatedPerson } from './simulated-person.ts';

/** What stands on the command line beside the room. */
export const agentArguments = {
  local: { type: 'boolean' },
  simulate: { type: 'boolean' },
  seconds: { type: 'string' },
} as const;

interface Agent {
  readonly log: { toString(): string };
  prefetch(): Promise<void>;
  end(): void;
}

export interface AgentCall extends AsyncDisposable {
  readonly client: CallClient;
  readonly microphone: VirtualMicrophoneDevice;
  /** Prints what was said and what went wrong. */
  readonly onEvent: (event: AgentEvent) => void;
  /** Lets the agent into the room, until the lines were said to it, or without any until Ctrl-C. */
  talk(bot: Graph, agent: Agent, lines?: readonly Line[]): Promise<void>;
}

export async function openAgentCall(): Promise<AgentCall> {
  const room = await openRoom(agentArguments);
  Daily.init();
  const microphone = Daily.createMicrophoneDevice('agent', { sampleRate: 24_000, channels: 1 });
  const client = new CallClient();
  client.setUserName('Agent');
  const events: AgentEvent[] = [];
  return {
    client,
    microphone,
    onEvent: (event) => {
      events.push(event);
      if (event.type === 'logged') say(`${event.entry.who}: ${event.entry.text}${event.entry.interrupted ? ' -' : ''}`);
      if (event.type === 'problem') say(`problem: ${event.error.message}`);
    },
    talk: async (bot, agent, lines) => {
      await agent.prefetch();
      await bot.start();
      await client.join(room.url, {
        clientSettings: { inputs: { camera: false, microphone: { isEnabled: true, settings: { deviceId: 'agent' } } } },
      });
      if (lines === undefined) {
        say(`open ${room.url} in a browser and talk to it`);
        await room.stopped;
      } else {
        const person = new SimulatedPerson('person');
        await person.join(room.url);
        await person.converse(lines, events);
        await person.leave();
        process.stdout.write(`${agent.log}`);
      }
      agent.end();
      await bot.stop();
    },
    [Symbol.asyncDispose]: async () => {
      await client.release();
      await Daily.deinit();
      await room[Symbol.asyncDispose]();
    },
  };
}
