import { mkdir, writeFile } from 'node:fs/promises';
import { graph } from '@sluice/core';
import { fromPcm, toWavFile } from '@sluice/nodes';
import { mixInto } from '../room/voice-mix.ts';
import type { ScenarioResult } from '../run-scenario.ts';
import { artifactStem } from './artifact-stem.ts';
import type { Artifacts } from './artifacts.ts';
import { failureLines } from './report-lines.ts';

/** Writes sound, log and report of a run into a folder, named after its file, the scenario, mode and seed. */
export async function writeArtifacts(folder: string, file: string, result: ScenarioResult): Promise<Artifacts> {
  await mkdir(folder, { recursive: true });
  const { name } = result;
  const stem = artifactStem(folder, file, result);
  const artifacts = {
    ...(result.sound && result.sound.agent.length > 0 && { sound: `${stem}.wav` }),
    log: `${stem}.log.jsonl`,
    report: `${stem}.txt`,
  };
  await writeFile(artifacts.log, result.log);
  await writeFile(artifacts.report, `${[name, ...failureLines(result, artifacts)].join('\n')}\n`);
  if (artifacts.sound !== undefined) await writeSound(artifacts.sound, result.sound!);
  return artifacts;
}

async function writeSound(path: string, { people, agent }: NonNullable<ScenarioResult['sound']>): Promise<void> {
  const { sampleRate } = agent;
  const length = Math.max(agent.length, ...people.map((line) => line.length));
  async function* seconds() {
    for (let at = 0; at < length; at += sampleRate) {
      const to = Math.min(length, at + sampleRate);
      const said = new Int16Array(to - at);
      for (const line of people) mixInto(said, line.read(at, to), 0);
      const heard = agent.read(at, to);
      const both = new Int16Array(2 * said.length);
      for (let index = 0; index < said.length; index++) {
        both[2 * index] = said[index]!;
        both[2 * index + 1] = heard[index]!;
      }
      yield new Uint8Array(both.buffer);
    }
  }
  const writing = graph('scenario-wav');
  writing.from(fromPcm(seconds(), { sampleRate, channels: 2 })).to(toWavFile(path));
  await writing.run();
}
