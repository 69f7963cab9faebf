import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { device, microphone } from '../../../test/session/talk.ts';
import { graph } from '../../graph/graph.ts';
import { sleep } from '../../time/clock.ts';
import { VirtualClock } from '../../time/virtual-clock.ts';
import { defineVoiceModel, fallback, type LanguageModel, openInTime, voiceError } from '../../voice/index.ts';
import { recordSession } from '../recording/record-session.ts';
import { replaySession } from '../replay/replay-session.ts';
import type { SessionEnv } from './session-env.ts';

/** Answers with its name, but for so many requests, which it says to ask again. */
function mind(name: string, defaults: { readonly warmth: number }, failing = 0, openMs = 0): LanguageModel<object> {
  let left = failing;
  return defineVoiceModel({
    kind: 'language-model',
    name,
    latencyMs: 0,
    settings: defaults,
    start: async ({ emit, clock, signal }) => {
      if (openMs > 0) await sleep(clock, openMs, signal);
      return {
        write({ id, epoch }) {
          const error = voiceError('is away', { model: name, category: 'retry' });
          emit(left-- > 0 ? { type: 'failed', id, epoch, error } : { type: 'text', id, epoch, text: name });
        },
      };
    },
  });
}

describe('a model at the border', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-model-'));
    file = join(folder, 'model.sluice');
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** Asks a model once, and logs what it learns of it. `take` gives it to the program, through the border or not. */
  function program(clock: VirtualClock, log: string[], take: (env: SessionEnv) => LanguageModel<object>) {
    return (env: SessionEnv) => {
      const bot = graph('bot', { clock: env.clock, random: env.random });
      bot.from(env.source('ear', () => microphone(clock, 150))).to(env.sink('mouth', () => device(clock)));
      const model = take(env);
      const ask = env.control('ask', async () => {
        const { clock, random } = bot;
        const onSwitch = ({ from, to, error }: { from: string; to: string; error?: Error }) =>
          log.push(`${from} -> ${to}: ${error?.message}`);
        const session = await openInTime(model, { clock, random, onSwitch });
        log.push(`open at ${clock.now()}`);
        log.push(JSON.stringify(session.settings));
        session.update({ warmth: 3 });
        log.push(JSON.stringify(session.settings));
        void session.write({ id: '1', epoch: 0, messages: [{ role: 'user', text: 'who is there' }] });
        for await (const event of session) {
          log.push(`${event.type} at ${clock.now()}, ${JSON.stringify(session.settings)}`);
          if (event.type === 'text') break;
        }
        await session.close();
      });
      return { graph: bot, ask };
    };
  }

  async function recorded(take: (env: SessionEnv) => LanguageModel<object>) {
    const clock = new VirtualClock();
    const log: string[] = [];
    const session = await recordSession({ file, program: program(clock, log, take), clock, sound: true, text: true });
    await clock.advance(500);
    const asked = session.result.ask();
    await clock.advance(3_000);
    await asked;
    const closing = session.close();
    await clock.run();
    await closing;
    return log;
  }
  async function replayed(take: (env: SessionEnv) => LanguageModel<object>) {
    const log: string[] = [];
    const { differences } = await replaySession(file, { program: program(undefined as never, log, take) });
    expect(differences).toEqual([]);
    return log;
  }

  it('has its settings with their defaults, also after a change, and tells who took over, in a replay too', async () => {
    const outside = (env: SessionEnv) =>
      env.model('mind', () => fallback(mind('first', { warmth: 1 }, 9), mind('second', { warmth: 7 })));
    const log = await recorded(outside);
    expect(log).toEqual([
      'open at 500',
      '{"warmth":1}',
      '{"warmth":3}',
      expect.stringMatching(/^first -> second: .*is away/),
      expect.stringMatching(/^text at \d+(\.\d+)?, \{"warmth":\d\}$/),
    ]);
    expect(await replayed((env) => env.model('mind', never))).toEqual(log);
  });

  it('inside the graph pauses as the graph has drawn, and so in a replay', async () => {
    const inside = () => fallback(mind('first', { warmth: 1 }, 1));
    const log = await recorded(inside);
    expect(log.at(-1)).toMatch(/^text at 6\d\d/);
    expect(await replayed(inside)).toEqual(log);
  });

  it('may wait on a virtual clock while it opens, on both sides of the border', async () => {
    const slow = () => fallback(mind('slow', { warmth: 1 }, 0, 700));
    const inside = await recorded(slow);
    expect(inside[0]).toBe('open at 1200');
    expect(await replayed(slow)).toEqual(inside);
    const outside = await recorded((env) => env.model('mind', slow));
    expect(outside[0]).toBe('open at 1200');
    expect(await replayed((env) => env.model('mind', never))).toEqual(outside);
  });
});

function never(): never {
  throw new Error('a replay asks nobody outside');
}
