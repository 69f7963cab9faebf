import { isSluiceError, realClock, sleep } from '@sluice/core';
import {
  CallClient,
  Daily,
  fromCall,
  fromParticipantAudio,
  type Participant,
  startRoomServer,
  toMicrophone,
} from '@sluice/transport';
import { badAgent, neverEnded } from '../errors.ts';
import type { AgentPlace } from './agent-ends.ts';
import { AGENT, openBot } from './open-bot.ts';
import { PresenceBook } from './presence-book.ts';
import { joinAsPerson } from './real-person.ts';
import type { Stage, StagePerson, TimedEvent } from './stage.ts';
import type { StageOptions } from './virtual-stage.ts';

/** Hz. */
const SAMPLE_RATE = 16_000;
/** How long jitter buffers take to find their size, in milliseconds. */
const SETTLE_MS = 1_500;
/** How long somebody may take to be seen by the others, in milliseconds. */
const SEEN_MS = 10_000;

let stages = 0;

/** A stage in real time: a room server of its own on loopback, and a client with real WebRTC for everybody. */
export async function openRealStage(options: StageOptions): Promise<Stage> {
  const ownsDaily = initialize();
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const closer of closers.reverse()) await closer();
    if (ownsDaily) await Daily.deinit();
  };
  try {
    return await open(options, closers, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function open(
  options: StageOptions,
  closers: (() => Promise<unknown>)[],
  close: () => Promise<void>,
): Promise<Stage> {
  const server = await startRoomServer();
  closers.push(() => server.close());
  const url = server.roomUrl('scenario');
  const label = `scenario-${++stages}`;
  const microphone = Daily.createMicrophoneDevice(`${label}-agent`, { sampleRate: SAMPLE_RATE, channels: 1 });
  closers.push(async () => Daily.destroyDevice(microphone));
  const client = new CallClient();
  client.setUserName(AGENT);
  closers.push(() => client.release());
  const clock = realClock;
  const startMs = clock.now();
  const events: TimedEvent[] = [];
  const people = new Map<string, StagePerson>();
  const present = new PresenceBook();
  client.on('participant-joined', ({ participant }) => present.joined(participant.id, nameOf(participant)));
  client.on('participant-left', ({ participant }) => present.left(participant.id));

  const place: AgentPlace = {
    client,
    hears: () => fromCall(client, { sampleRate: SAMPLE_RATE, frameMs: 20 }),
    speaks: () => toMicrophone(microphone),
    onEvent: (event) => void events.push({ atMs: clock.now() - startMs, event }),
    hearsFrom: (name) => {
      const id = present.idOf(name);
      if (id === undefined) throw badAgent(`${name} is not in the room`, 'Ask for somebody in onPresence');
      return fromParticipantAudio(client, id, { sampleRate: SAMPLE_RATE });
    },
    onPresence: (listener) => present.listen(listener),
  };
  const bot = await openBot(options.agent, place, { clock, random: Math.random, record: options.record });
  closers.push(() => bot.close());
  const inputs = { camera: false, microphone: { isEnabled: true, settings: { deviceId: microphone.name } } } as const;
  await client.join(url, { clientSettings: { inputs } });
  const agentId = client.participants().local.id;

  const join = async (name: string): Promise<StagePerson> => {
    const { person, leave } = await joinAsPerson({
      url,
      name,
      device: `${label}-${name}`,
      agentId,
      sampleRate: SAMPLE_RATE,
      seed: options.seed,
      now: () => clock.now() - startMs,
      ...(options.ear === undefined ? {} : { ear: options.ear }),
    });
    people.set(name, person);
    closers.push(leave);
    for (let waited = 0; present.idOf(name) === undefined && waited < SEEN_MS; waited += 20) await sleep(clock, 20);
    present.check();
    if (present.idOf(name) === undefined)
      throw badAgent(`the agent did not see ${name} within ${SEEN_MS} ms`, 'Look whether it is still in the room');
    return person;
  };
  for (const name of options.people) await join(name);
  await sleep(clock, SETTLE_MS);
  const stage: Stage = {
    mode: 'real',
    clock,
    startMs,
    sampleRate: SAMPLE_RATE,
    agent: bot.agent,
    graph: bot.graph,
    session: bot.session,
    events,
    people,
    now: () => clock.now() - startMs,
    join,
    underruns: () => microphone.counters.underruns,
    drive: async (work, limitMs, stood) => {
      const timer = new AbortController();
      const late = sleep(clock, limitMs, timer.signal).then(() => Promise.reject(neverEnded(limitMs, stood())));
      try {
        await Promise.race([work, late]);
      } finally {
        late.catch(() => {});
        timer.abort();
      }
    },
    close,
  };
  return stage;
}

function nameOf({ info }: Participant): string {
  return info.userName ?? '';
}

/** Whether the devices of the process are ours to end. */
function initialize(): boolean {
  try {
    Daily.init();
    return true;
  } catch (error) {
    if (isSluiceError(error) && error.code === 'SLUICE_ALREADY_INITIALIZED') return false;
    throw error;
  }
}
