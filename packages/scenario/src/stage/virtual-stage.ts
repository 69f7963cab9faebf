import { isSluiceError } from '@sluice/core';
import { seededRandom } from '@sluice/core/testing';
import type { Recognizer } from '@sluice/core/voice';
import { toMicrophone } from '@sluice/transport';
import { neverEnded, stalled } from '../errors.ts';
import type { NoiseOptions, VirtualParticipant } from '../room/virtual-participant.ts';
import { type VirtualRoom, virtualRoom } from '../room/virtual-room.ts';
import { voiceLevel } from '../voice/voice-level.ts';
import type { AgentPlace } from './agent-ends.ts';
import { Ear } from './ear.ts';
import { AGENT, openBot, type RecordTo } from './open-bot.ts';
import { PatientClock } from './patient-clock.ts';
import type { MakeAgent, Stage, StagePerson, TimedEvent } from './stage.ts';

export interface StageOptions {
  readonly agent: MakeAgent;
  readonly people: readonly string[];
  readonly seed: number;
  /** What people's ears understand with. */
  readonly ear?: Recognizer;
  /** Wall-clock time that virtual time may stand still, in milliseconds. */
  readonly stallMs: number;
  readonly record?: RecordTo;
}

/** How long what an agent does may take to end, in milliseconds. */
const CLOSE_MS = 10_000;

/** A stage in virtual time: sample-exact, and as fast as the machine. */
export async function openVirtualStage(options: StageOptions): Promise<Stage> {
  const clock = new PatientClock();
  const room = virtualRoom({ clock, seed: options.seed });
  const place = room.join(AGENT, { keep: false });
  const microphone = place.createMicrophone();
  const events: TimedEvent[] = [];
  const people = new Map<string, StagePerson>();
  const now = () => clock.now() - room.startMs;

  const join = async (name: string): Promise<StagePerson> => {
    const person = await standInRoom(room, clock, name, options.ear);
    people.set(name, person);
    return person;
  };
  for (const name of options.people) await join(name);
  const agentPlace: AgentPlace = {
    hears: () => place.hears(),
    speaks: () => toMicrophone(microphone),
    onEvent: (event) => void events.push({ atMs: now(), event }),
    hearsFrom: (name) => place.hears({ from: name }),
    onPresence: (listener) =>
      room.onChange((change) => {
        if (change.name !== AGENT) listener(change);
      }),
  };
  const bot = await openBot(options.agent, agentPlace, {
    clock,
    random: seededRandom(options.seed),
    record: options.record,
  });
  return {
    mode: 'virtual',
    clock,
    startMs: room.startMs,
    sampleRate: room.sampleRate,
    agent: bot.agent,
    graph: bot.graph,
    session: bot.session,
    events,
    people,
    now,
    join,
    underruns: () => microphone.counters.underruns,
    drive: (work, limitMs, stood) => drive(clock, options.stallMs, work, limitMs, stood),
    close: async () => {
      const closing = bot.close();
      if (bot.session !== undefined)
        await drive(clock, options.stallMs, closing, CLOSE_MS, () => 'the session to be closed');
      for (const { ear } of people.values()) await ear.close();
      await room.close();
    },
  };
}

async function standInRoom(
  room: VirtualRoom,
  clock: PatientClock,
  name: string,
  recognizer: Recognizer | undefined,
): Promise<StagePerson> {
  const participant: VirtualParticipant = room.join(name);
  const ear = new Ear(room.sampleRate);
  if (recognizer !== undefined) await ear.understand(recognizer, (work) => clock.track(work));
  let at = Math.round(((clock.now() - room.startMs) * room.sampleRate) / 1_000);
  participant.hears({ from: AGENT, frameMs: 10 }).subscribe((frame) => {
    ear.hear(at, frame.samples);
    at += frame.length;
  });
  let noise: NoiseOptions | undefined;
  let voiceDbfs: number | undefined;
  const makeNoise = () => participant.noise(noise && { ...(voiceDbfs === undefined ? {} : { voiceDbfs }), ...noise });
  const paths = () => [room.path(name, AGENT), room.path(AGENT, name)];
  return {
    name,
    mouth: participant.sent,
    ear,
    speak: async (samples, atMs) => {
      voiceDbfs = voiceLevel(samples, room.sampleRate) ?? voiceDbfs;
      if (noise !== undefined) makeNoise();
      const { startMs, endMs } = participant.place(samples, Math.max(clock.now(), room.startMs + atMs));
      return { startMs: startMs - room.startMs, endMs: endMs - room.startMs };
    },
    noise: (options) => {
      noise = options;
      makeNoise();
    },
    echo: (echo) => participant.echo(echo),
    network: (conditions) => {
      for (const path of paths()) path.set(conditions);
    },
    cut: (ms) => {
      const until = Math.ceil(((clock.now() + ms - room.startMs) * room.sampleRate) / 1_000);
      for (const path of paths()) path.cutUntil(until);
    },
    received: async () => {
      const { holes, lostPackets } = room.path(AGENT, name);
      return { holes: holes.map(({ startMs, ms }) => ({ atMs: startMs, ms, count: 1 })), lostPackets };
    },
    leave: () => participant.leave(),
  };
}

async function drive(
  clock: PatientClock,
  stallMs: number,
  work: Promise<unknown>,
  limitMs: number,
  stood: () => string,
): Promise<void> {
  let stop = () => {};
  const stall = new Promise<never>((_resolve, reject) => {
    stop = clock.watch(stallMs, () => {
      reject(stalled(stallMs, stood()));
      clock.giveUp();
    });
  });
  const ended = Promise.race([work, stall]);
  // What the work fails with may be a deadline too, and is not the clock's.
  const until = ended.catch(() => {});
  try {
    await clock.run({ until, limitMs });
  } catch (error) {
    if (isSluiceError(error) && error.code === 'SLUICE_DEADLINE') throw neverEnded(limitMs, stood());
    throw error;
  } finally {
    stop();
  }
  await ended;
}
