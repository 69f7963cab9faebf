import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { graph } from '@sluice/core';
import { fromPcm, toWavFile } from '@sluice/nodes';
import type { ScenarioResult } from '../run-scenario.ts';

/** Writes what was heard (left the person, right the agent), the log and the timeline of a run. Returns the paths. */
export async function writeArtifacts(folder: string, result: ScenarioResult): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const stem = join(folder, `${result.name.replace(/[^\p{L}\p{N}]+/gu, '-')}-${result.mode}-${result.seed}`);
  await writeFile(`${stem}.log.jsonl`, result.log);
  const message = result.error === undefined ? '' : `${result.error.message}\n\n`;
  await writeFile(`${stem}.txt`, `${message}${result.timeline.join('\n')}\n`);
  const paths = [`${stem}.log.jsonl`, `${stem}.txt`];
  if (result.sound === undefined) return paths;
  const { person, agent } = result.sound;
  const { sampleRate } = person;
  async function* seconds() {
    const length = Math.max(person.length, agent.length);
    for (let at = 0; at < length; at += sampleRate) {
      const [left, right] = [person, agent].map((line) => line.read(at, Math.min(length, at + sampleRate)));
      const both = new Int16Array(2 * left!.length);
      for (let index = 0; index < left!.length; index++) {
        both[2 * index] = left![index]!;
        both[2 * index + 1] = right![index]!;
      }
      yield new Uint8Array(both.buffer);
    }
  }
  const writing = graph('scenario-wav');
  writing.from(fromPcm(seconds(), { sampleRate, channels: 2 })).to(toWavFile(`${stem}.wav`));
  await writing.run();
  return [...paths, `${stem}.wav`];
}
