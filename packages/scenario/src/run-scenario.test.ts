import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SluiceError } from '@sluice/core';
import { rms, toDbfs } from '@sluice/core/testing';
import { fakeLanguageModel, fakeRecognizer, fakeVoiceDetector } from '@sluice/core/voice';
import { type VoiceAgentOptions, voiceAgent } from '@sluice/nodes';
import { describe, expect, it, vi } from 'vitest';
import { junitXml } from './program/junit.ts';
import { runScenarioProgram } from './program/run-scenario-program.ts';
import { writeArtifacts } from './program/write-artifacts.ts';
import { runScenario } from './run-scenario.ts';
import { type ScenarioOptions, scenario } from './scenario.ts';
import type { MakeAgent } from './stage/stage.ts';
import type { Talk } from './talk/talk.ts';
import { toneRecognizer } from './voice/tone-recognizer.ts';
import { toneVoice } from './voice/tone-voice.ts';

const replies: Record<string, string> = {
  hello: 'Hello. What can I do for you?',
  count: 'One, two, three, four, five. Six, seven, eight, nine, ten.',
  stop: 'Okay.',
};

function agentOf(more: Partial<VoiceAgentOptions> = {}): MakeAgent {
  return ({ graph, hears, speaks, onEvent }) =>
    voiceAgent(graph, {
      hears,
      speaks,
      onEvent,
      detector: fakeVoiceDetector(),
      recognizer: toneRecognizer(),
      model: fakeLanguageModel({ firstTokenMs: 200, reply: (said) => replies[said.at(-1)!.text] ?? 'What?' }),
      synthesizer: toneVoice({ firstByteMs: 80 }),
      ...more,
    });
}

const run = (play: (talk: Talk) => Promise<void>, options: Partial<ScenarioOptions> = {}) =>
  runScenario(scenario('one', { agent: agentOf(), ear: toneRecognizer(), ...options }, play));

describe('runScenario', () => {
  it('passes a talk with a barge-in, and measures it from the samples', async () => {
    const result = await run(
      async (talk) => {
        await talk.say('hello');
        await talk.expectHeard(/what can i do/i);
        await talk.expectSilence(300);
        await talk.say('count');
        await talk.bargeInAt({ word: 'three' }, 'stop');
        await talk.expectSilenceWithin(250);
        await talk.expectHeard('okay');
        await talk.expectLog([
          'person: hello',
          /^agent: Hello/,
          'person: count',
          { interrupted: true },
          'person: stop',
          'agent: Okay.',
        ]);
        await talk.expectListening();
        await talk.wait(100);
      },
      { budgets: { glitches: 0, silentWords: 0, timeToSilenceMs: 250, voiceToVoiceMs: { p95: 1_500 }, problems: 0 } },
    );
    expect(result.error).toBeUndefined();
    const { metrics } = result;
    expect(metrics).toMatchObject({ turns: 3, bargeIns: 1, timeToSilenceMs: { count: 1 } });
    expect(metrics!.voiceToVoiceMs.count).toBe(3);
    expect(metrics!.latencyByPart.model!.p50).toBeGreaterThanOrEqual(200);
    expect(result.timeline.join('\n')).toContain('barges in with "stop"');
  });

  it('bounds what an ear may have wrong', async () => {
    const ear = fakeRecognizer({ texts: ['hello what could i do for you'] });
    const hello = (wordErrors: number) =>
      run(
        async (talk) => {
          await talk.say('hello');
          await talk.expectHeard('what can i do for you', { wordErrors });
        },
        { ear, budgets: { wordErrorRate: 0 } },
      );
    expect((await hello(0.2)).error).toBeUndefined();
    const { error, failedStep } = await hello(0.1);
    expect(error!.message).toContain(
      'ear understood something else than the log says; expected what can i do for you, at most 10 %',
    );
    expect(failedStep).toMatchObject({ who: 'person', number: 2, name: 'expectHeard("what can i do for you")' });
    await expect(hello(1).then((result) => result.error)).resolves.toBeInstanceOf(RangeError);
  });

  it('makes noise as far below a voice as it says', async () => {
    const { sound } = await run(async (talk) => {
      talk.noise({ snrDb: 12 });
      await talk.say('hello');
      await talk.wait(200);
    });
    const said = sound!.person.between(0, 250);
    const noise = sound!.person.between(300, 440);
    // Powers add up.
    expect(toDbfs(rms(said)) - toDbfs(rms(noise))).toBeCloseTo(10 * Math.log10(1 + 10 ** 1.2), 0);
  });

  it('does the same again with the same seed, to the sample', async () => {
    const once = async () => {
      const { sound } = await run(async (talk) => {
        talk.network.set({ loss: 0.1, delayMs: 40 });
        talk.noise({ snrDb: 30 });
        await talk.say('hello');
        await talk.expectListening();
        await talk.wait(3_000);
      });
      return sound!.agent.between();
    };
    expect(await once()).toEqual(await once());
  });

  it.each<[string, (talk: Talk) => Promise<void>]>([
    ['expectHeard', (talk) => talk.expectHeard('nothing', { withinMs: 500 })],
    [
      'expectSilence',
      async (talk) => {
        await talk.say('count');
        await talk.expectSilence(3_000);
      },
    ],
    [
      'expectSilenceWithin',
      async (talk) => {
        await talk.say('count');
        await talk.bargeInAt({ afterMs: 500 }, 'stop');
        await talk.expectSilenceWithin(1);
      },
    ],
    ['bargeInAt', async (talk) => void (await talk.bargeInAt({ afterMs: 10 }, 'stop', { withinMs: 300 }))],
    ['expectLog', (talk) => talk.expectLog(['person: nothing'], { withinMs: 200 })],
  ])('fails %s with what was there instead', async (name, play) => {
    const { passed, error } = await run(play);
    expect(passed).toBe(false);
    expect(error).toMatchObject({ code: 'SLUICE_SCENARIO_EXPECTATION' });
    expect(error!.message).toContain(name);
  });

  it('ends one that never ends, and says where it stood', async () => {
    const { error, scenarioMs } = await run(
      async (talk) => {
        await talk.wait(100);
        await new Promise(() => {});
      },
      { limitMs: 2_000 },
    );
    expect(error).toMatchObject({ code: 'SLUICE_SCENARIO_LIMIT' });
    expect(error!.message).toContain('wait(100) for 2000 ms');
    expect(scenarioMs).toBeLessThan(2_100);
  });

  it('tells a deadline of the work as what it is', async () => {
    const late = new SluiceError('SLUICE_DEADLINE', 'the graph did not drain');
    const { error } = await run(() => Promise.reject(late));
    expect(error?.message).toMatch(/the graph did not drain/);
  });

  it('ends one in which virtual time stands still', async () => {
    const stuck = scenario('stuck', { agent: agentOf() }, async (talk) => {
      await talk.clock.track(new Promise(() => {}));
    });
    expect((await runScenario(stuck, { stallMs: 500 })).error).toMatchObject({ code: 'SLUICE_SCENARIO_STALLED' });
  });

  it('ends by a signal where it stands, and begins nothing else', async () => {
    const abort = new AbortController();
    const reason = new Error('ended by SIGINT');
    const endless = scenario('endless', { agent: agentOf(), limitMs: 80_000_000 }, async (talk) => {
      await talk.say('hello');
      abort.abort(reason);
      await talk.wait(60_000_000);
    });
    const { passed, error, failedStep, scenarioMs } = await runScenario(endless, { signal: abort.signal });
    expect({ passed, error, step: failedStep?.name }).toEqual({ passed: false, error: reason, step: 'wait(60000000)' });
    expect(scenarioMs).toBeLessThan(60_000_000);
    const begun = vi.fn();
    const next = scenario('next', { agent: agentOf() }, async () => begun());
    expect((await runScenario(next, { signal: abort.signal })).error).toBe(reason);
    expect(begun).not.toHaveBeenCalled();
  });

  it('fails over a budget, for what is thrown, and for an agent that cannot be tried', async () => {
    const hello = async (talk: Talk) => {
      await talk.say('hello');
      await talk.expectHeard('what can i do');
    };
    const costly = await run(hello, { budgets: { voiceToVoiceMs: 10 } });
    expect(costly.error).toMatchObject({ code: 'SLUICE_SCENARIO_BUDGET' });
    const thrown = await run(() => Promise.reject(new Error('mine')));
    expect(thrown.error!.message).toBe('mine');
    const unbuilt = await run(hello, {
      agent: () => {
        throw new Error('no agent');
      },
    });
    expect(unbuilt.error!.message).toBe('no agent');
    expect(unbuilt.metrics).toBeUndefined();
    const mute: MakeAgent = (ends) => agentOf()({ ...ends, onEvent: () => {} });
    const untold = await run(
      async (talk) => {
        await talk.say('hello');
        await talk.wait(3_000);
        await talk.wait(10);
      },
      { agent: mute },
    );
    expect(untold.error).toMatchObject({ code: 'SLUICE_SCENARIO_AGENT' });
  });

  it('refuses what makes no sense', async () => {
    const play = async () => {};
    const agent = agentOf();
    expect(() => scenario('', { agent }, play)).toThrow(TypeError);
    expect(() => scenario('x', { agent, limit: 1 } as never, play)).toThrow(TypeError);
    expect(() => scenario('x', { agent, limitMs: 0 }, play)).toThrow(RangeError);
    expect(() => scenario('x', { agent, budgets: { glitches: -1 } }, play)).toThrow(TypeError);
    expect(() => scenario('x', { agent, budgets: { glitch: 1 } as never }, play)).toThrow(TypeError);
    await expect(runScenario(scenario('x', { agent, modes: ['real'] }, play))).rejects.toThrow(TypeError);
  });
});

describe('reports', () => {
  it('write sound, log and timeline, and XML that holds any text', async () => {
    const result = await run((talk) => talk.expectHeard('<a & "b">\u0000', { withinMs: 100 }));
    const folder = await mkdtemp(join(tmpdir(), 'scenario-'));
    const artifacts = await writeArtifacts(folder, 'some/a<b>.scenario.ts', result);
    const stem = join(folder, 'some-a-b-one-virtual-1');
    expect(artifacts).toEqual({ sound: `${stem}.wav`, log: `${stem}.log.jsonl`, report: `${stem}.txt` });
    expect((await readdir(folder)).sort()).toEqual(
      Object.values(artifacts)
        .map((path) => path.slice(folder.length + 1))
        .sort(),
    );
    const report = await readFile(artifacts.report, 'utf8');
    expect(report).toMatch(/in step 1 of person, expectHeard\("<a .*, from 0.000 s to 0.100 s/);
    expect(report).toContain(`listen: ${stem}.wav`);
    const xml = junitXml([{ file: 'a<b>.ts', result, artifacts }]);
    expect(xml).toContain(`[[ATTACHMENT|${stem}.wav]]`);
    expect(xml).toContain('&lt;a &amp; ');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
    expect(xml).not.toMatch(/[\u0000-\u0008]/);
    expect(xml.replace(/&(?:lt|gt|amp|quot|#10);/g, '')).not.toContain('&');
  });
});

describe('runScenarioProgram', () => {
  it('tells bad usage from failure', async () => {
    const lines: string[] = [];
    const program = (...args: string[]) => runScenarioProgram({ args, print: (line) => lines.push(line) });
    expect(await program('--nothing')).toBe(2);
    expect(await program('x', '--seed', 'y')).toBe(2);
    expect(await program('/there/is/no.scenario.ts')).toBe(2);
    expect(await program('--help')).toBe(0);
    const folder = await mkdtemp(join(tmpdir(), 'scenario-'));
    const file = join(folder, 'deep', 'two.scenario.mjs');
    await mkdir(join(folder, 'deep'));
    await writeFile(
      file,
      `const { scenario } = globalThis.tried;
const { agent } = globalThis.tried;
scenario('good', { agent }, async (talk) => { await talk.wait(10); });
scenario('bad', { agent, modes: ['virtual'] }, async () => { throw new Error('bad'); });
`,
    );
    Object.assign(globalThis, { tried: { scenario, agent: agentOf() } });
    const junit = join(folder, 'out', 'junit', 'out.xml');
    expect(await program(folder, '--grep', 'good', '--junit', junit)).toBe(0);
    expect(await readFile(junit, 'utf8')).toContain('tests="1" failures="0"');
    expect(lines.at(-1)).toBe('1 passed, 0 failed');
    expect(await program(file, '--grep', 'ugly')).toBe(2);
    expect(lines.at(-1)).toBe('no scenario has "ugly" in its name. Name one of "good", "bad"');
  });
});
