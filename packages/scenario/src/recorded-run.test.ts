import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replaySession } from '@sluice/core/session';
import { fakeLanguageModel, fakeVoiceDetector } from '@sluice/core/voice';
import { voiceAgent } from '@sluice/nodes';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runScenario } from './run-scenario.ts';
import { type Scenario, scenario } from './scenario.ts';
import { scenarioProgram } from './scenario-program.ts';
import type { MakeAgent } from './stage/stage.ts';
import { toneRecognizer } from './voice/tone-recognizer.ts';
import { toneVoice } from './voice/tone-voice.ts';

const agentOf =
  (firstByteMs: number): MakeAgent =>
  ({ graph, hears, speaks, onEvent, onPresence, env }) => {
    const present = new Set<string>();
    onPresence(({ type, name }) => present[type === 'joined' ? 'add' : 'delete'](name));
    return voiceAgent(graph, {
      hears,
      speaks,
      onEvent,
      detector: fakeVoiceDetector(),
      recognizer: env.model('recognizer', () => toneRecognizer()),
      model: fakeLanguageModel({ reply: () => `There are ${present.size} of you. And I go on for a while.` }),
      synthesizer: toneVoice({ firstByteMs }),
    });
  };

/** It fails: the agent says how many there are. */
const talk = (firstByteMs = 80): Scenario =>
  scenario('counts people', { agent: agentOf(firstByteMs), ear: toneRecognizer() }, async (person) => {
    await person.say('hello');
    await person.bargeInAt({ afterMs: 400 }, 'stop');
    await (await person.join('eve')).say('how many');
    await person.expectHeard('there is one of you');
  });

describe('a recorded run', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-scenario-'));
    file = join(folder, 'run.sluice');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('goes as it goes without a recording, and is replayed without the stage', async () => {
    const plain = await runScenario(talk());
    const { session, ...recorded } = await runScenario(talk(), { record: { file } });
    expect(session).toEqual({ file, notReplayable: [] });
    expect(recorded.passed).toBe(false);
    expect(recorded.timeline).toEqual(plain.timeline);
    expect(recorded.log).toBe(plain.log);
    expect(recorded.log).toMatch(/There are 2 of you/);
    const { differences, complete, outputs } = await replaySession(file, { program: scenarioProgram(talk()) });
    expect(differences).toEqual([]);
    expect(complete).toBe(true);
    expect(outputs).toMatchObject([{ node: 'speaks' }]);
  });

  it('shows what a change of the agent does first', async () => {
    await runScenario(talk(), { record: { file } });
    const { differences } = await replaySession(file, { program: scenarioProgram(talk(90)) });
    expect(differences[0]).toMatchObject({ code: 'SLUICE_SESSION_ORDER', node: 'clock' });
  });

  it('says that it could not be recorded', async () => {
    const { passed, error } = await runScenario(talk(), { record: { file: join(folder, 'no', 'such', 'folder') } });
    expect(passed).toBe(false);
    expect(error).toMatchObject({ code: 'SLUICE_SESSION_WRITE' });
    await expect(runScenario(talk(), { record: { path: file } as never })).resolves.toMatchObject({
      error: { code: 'SLUICE_INVALID_ARGUMENT' },
    });
  });
});
