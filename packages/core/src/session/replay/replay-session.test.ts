import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NEVER } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { device, microphone, type Talk, talk } from '../../../test/session/talk.ts';
import { graph } from '../../graph/graph.ts';
import { AudioFrame } from '../../media/audio-frame.ts';
import { pushSource } from '../../operators/source.ts';
import { seededRandom } from '../../testing/sound/test-signals.ts';
import { VirtualClock } from '../../time/virtual-clock.ts';
import type { SessionEnv } from '../ends/session-env.ts';
import { recordSession } from '../recording/record-session.ts';
import type { ReplayedCrossing } from './replay-passage.ts';
import { replaySession } from './replay-session.ts';
import { SessionDifference } from './session-difference.ts';

describe('a session', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-session-'));
    file = join(folder, 'talk.sluice');
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** Records four seconds of a talk in virtual time, with a command in the middle. */
  async function record(options: { sound?: boolean } = {}) {
    const clock = new VirtualClock(1_000);
    const random = seededRandom(1);
    const given = { file, program: talk(clock), clock, random, sound: true, text: true, ...options };
    const session = await recordSession(given);
    await clock.advance(2_000);
    const told = session.result.setGain(0.25);
    await clock.advance(3_000);
    expect(await told).toBe(3_000);
    const closing = session.close();
    await clock.run();
    await closing;
    return session;
  }
  const replay = (change: Talk = {}) => replaySession(file, { program: talk(undefined as never, change) });

  it('is replayed three times with the same bytes and nothing of the outside', async () => {
    const { notReplayable, result } = await record();
    expect(notReplayable).toEqual([]);
    expect(await result.sink.finished).toEqual({ samples: 200 * 320 });
    const reports = [await replay(), await replay(), await replay()];
    for (const { differences, complete, mediaMs, outputs } of reports) {
      expect(differences).toEqual([]);
      expect(complete).toBe(true);
      expect(mediaMs).toBeGreaterThanOrEqual(4_000);
      expect(outputs).toEqual([{ node: 'mouth', frames: 200, hash: reports[0]!.outputs[0]!.hash }]);
    }
  });

  it('tells how far it is, up to the end', async () => {
    await record();
    const told: number[] = [];
    const program = talk(undefined as never);
    const { mediaMs } = await replaySession(file, { program, onProgress: (ms) => void told.push(ms) });
    expect(told.length).toBeGreaterThan(200);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect([told[0], told.at(-1)]).toEqual([0, mediaMs]);
    await expect(replaySession(file, { program, onProgress: 1 as never })).rejects.toThrow('replaySession.onProgress');
  });

  it('tells what comes in as it was recorded, and what goes out as the program gives it now', async () => {
    await record();
    const peaks = { in: 0, out: 0 };
    const program = talk(undefined as never, { gain: 0.5 });
    const onCrossing = ({ direction, what, value }: ReplayedCrossing) => {
      if (value instanceof AudioFrame) peaks[direction] = Math.max(peaks[direction], ...value.samples);
      else expect(what).not.toBe('frame');
    };
    await replaySession(file, { program, onCrossing });
    expect(peaks.in).toBeCloseTo(8_000, -1);
    // Recorded were more than 6,000.
    expect(peaks.out).toBeLessThanOrEqual(4_000);
    expect(peaks.out).toBeGreaterThan(2_000);
    await expect(replaySession(file, { program, onCrossing: 1 as never })).rejects.toThrow('replaySession.onCrossing');
  });

  it('equals the run without a recording', async () => {
    const clock = new VirtualClock();
    const mouth = device(clock);
    const session = await recordSession({ file, program: through(clock, mouth, (env) => env), clock });
    await clock.advance(5_000);
    const closing = session.close();
    await clock.run();
    await closing;
    const alone = new VirtualClock();
    const other = device(alone);
    const bare = { clock: alone, source: (_: string, make: () => unknown) => make(), sink: () => other };
    const bot = through(alone, other, () => bare as never)(undefined as never);
    const run = bot.run();
    await alone.run();
    await run;
    expect(other.played.length).toBe(64_000);
    expect(mouth.played).toEqual(other.played);
  });

  it('shows the first sample that a changed gain changes', async () => {
    await record();
    const { differences } = await replay({ gain: 1.001 });
    expect(differences[0]).toBeInstanceOf(SessionDifference);
    const [first] = differences;
    expect(first).toMatchObject({ code: 'SLUICE_SESSION_OUTPUT', node: 'mouth' });
    const { sample, recorded, replayed } = first!;
    expect(sample).toBeGreaterThan(0);
    expect(Math.abs((replayed as number) - (recorded as number))).toBe(1);
    expect(first!.message).toMatch(
      /the samples are not those that were recorded \(record \d+, [\d.]+ ms, mouth, sample \d+\)/,
    );
  });

  it('shows the first timer that is set otherwise', async () => {
    await record();
    const { differences, complete } = await replay({ everyMs: 110 });
    expect(complete).toBe(false);
    expect(differences).toMatchObject([
      { code: 'SLUICE_SESSION_ORDER', node: 'clock', recorded: 'timer 0 due at 1100 ms', replayed: 'due at 1110 ms' },
    ]);
  });

  it('shows where another graph begins to be another', async () => {
    await record();
    const program = (env: SessionEnv) => {
      const { graph } = talk(undefined as never)(env);
      graph.from(NEVER).to({});
      return graph;
    };
    const { differences } = await replaySession(file, { program });
    expect(differences[0]).toMatchObject({ code: 'SLUICE_SESSION_GRAPH', record: 0, recorded: 'nothing' });
    expect(differences[0]!.replayed).toMatch(/^source /);
  });

  it('is not replayed where it was recorded without the sound', async () => {
    await record({ sound: false });
    await expect(replay()).rejects.toMatchObject({
      code: 'SLUICE_SESSION_WITHHELD',
      message: expect.stringContaining('{ sound: true }'),
    });
  });

  it('refuses a program that gives no graph, or one on another clock', async () => {
    const clock = new VirtualClock();
    const given = (result: unknown) => recordSession({ file, program: () => result as never, clock });
    await expect(given({})).rejects.toMatchObject({ code: 'SLUICE_SESSION_PROGRAM' });
    await expect(given(graph('other', { clock }))).rejects.toThrow(/another clock/);
    await record();
    await expect(replaySession(file, { program: () => ({}) as never })).rejects.toThrow(/no graph/);
  });

  it('leaves no file open where it could not begin, and none behind of which nothing could be replayed', async () => {
    const clock = new VirtualClock();
    const failing = [
      () => ({}) as never,
      () => Promise.reject(new Error('no program')),
      ({ clock }: SessionEnv) => {
        const bot = graph('bad', { clock });
        bot
          .from(pushSource({ name: 'absent', prepare: () => Promise.reject(new Error('absent')) }, () => () => {}))
          .to({});
        return bot;
      },
    ];
    const left: boolean[] = [];
    for (const program of failing) {
      await expect(recordSession({ file, program, clock })).rejects.toThrow();
      left.push(existsSync(file));
    }
    // The last one failed at its start, which a replay shows.
    expect(left).toEqual([false, false, true]);
    const open = await Promise.all(
      (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
    );
    expect(open).not.toContain(file);
  });

  it('takes what the outside does with an answer for no part of what came in', async () => {
    const clock = new VirtualClock();
    const session = await recordSession({ file, program: talk(clock), clock, sound: true });
    await clock.advance(500);
    const looked = session.result.setGain(0.25).then(() => session.graph.clock.track(Promise.resolve()));
    await clock.advance(500);
    await looked;
    const closing = session.close();
    await clock.run();
    await closing;
    expect(session.notReplayable).toMatchObject([{ node: 'graph' }]);
  });

  it('names what a replay cannot do again', async () => {
    const clock = new VirtualClock();
    const program = (env: SessionEnv) => {
      const bot = graph('leaky', { clock: env.clock });
      bot.from(microphone(clock, 5), { name: 'ears' }).to(env.sink('mouth', () => device(clock)));
      return bot;
    };
    const session = await recordSession({ file, program, clock });
    await clock.advance(200);
    const closing = session.close();
    await clock.run();
    await closing;
    expect(session.notReplayable).toContainEqual({
      node: 'ears',
      why: 'microphone is live: take it through env.source',
    });
    expect(session.notReplayable).toContainEqual({ node: 'mouth', why: 'frame is done when nothing has come in' });
  });
});

/** A microphone straight into a device, with whatever environment. */
function through(clock: VirtualClock, mouth: ReturnType<typeof device>, of: (env: SessionEnv) => SessionEnv) {
  return (given: SessionEnv) => {
    const env = of(given);
    const bot = graph('through', { clock: env.clock });
    bot.from(env.source('ears', () => microphone(clock, 200))).to(env.sink('mouth', () => mouth));
    return bot;
  };
}
