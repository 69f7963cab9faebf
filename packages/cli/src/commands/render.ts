import { statSync } from 'node:fs';
import { type SessionEnv, unrecordedEnv } from '@sluice/core/session';
import { seededRandom, VirtualClock } from '@sluice/core/testing';
import { fromWavFile, toWavFile } from '@sluice/nodes';
import { wrongUsage } from '../errors.ts';
import { graphOf, programOf } from '../programs/program-of.ts';
import { measureSound } from '../sound/measure-sound.ts';
import { defineCommand } from '../terms/command.ts';
import { unlessEnded } from '../terms/unless-ended.ts';

export const render = defineCommand({
  name: 'render',
  summary: 'Runs a program in virtual time and writes what its sink gets into a WAV file',
  usage: '<file>',
  words: { least: 1, most: 1 },
  examples: [
    'sluice render main.ts --out out.wav',
    'sluice render main.ts --out out.wav --seed 7',
    'sluice render main.ts --out out.wav --json',
  ],
  flags: {
    out: { type: 'string', value: '<file.wav>', about: 'where it goes' },
    seed: { type: 'string', value: '<number>', about: 'of what the program leaves to chance; default 1' },
  },
  endsInOrder: true,
  async run({ words: [file = ''], values: { out, seed = '1' }, signal, during }) {
    if (out === undefined) throw wrongUsage('sluice render needs --out <file.wav>', 'sluice render --help');
    if (out === '') throw wrongUsage('--out takes the path of a file', 'sluice render --help');
    if (!/^\d{1,9}$/.test(seed)) throw wrongUsage(`--seed takes a whole number, not ${seed}`);
    const program = await unlessEnded(programOf(file), signal);
    if ('graph' in program)
      throw wrongUsage(`${file} gives a graph on a clock of its own; give (env) => graph(name, { clock: env.clock })`);
    const clock = new VirtualClock();
    const sinks: string[] = [];
    const graph = await unlessEnded(graphOf(file, program, renderEnv(clock, Number(seed), out, sinks)), signal);
    if (graph.clock !== clock) throw wrongUsage(`the graph of ${file} is not on env.clock`);
    if (sinks.length !== 1)
      throw wrongUsage(`${file} has ${sinks.length} sinks by env.sink(name, make), and one goes into ${out}`);
    const begun = performance.now();
    const ended = graph.run({ signal });
    const howFar = () => {
      const [media, real] = [clock.now() / 1_000, (performance.now() - begun) / 1_000];
      // No time passes for what waits for none.
      const bytes = media > 0 ? 0 : sizeOf(out);
      const done = bytes > 0 ? `${(bytes / 1e6).toFixed(1)} MB` : `${media.toFixed(1)} s`;
      return `rendered ${done} in ${real.toFixed(1)} s`;
    };
    try {
      await during(Promise.all([ended, clock.run({ until: ended })]), howFar);
    } catch (error) {
      if (!signal.aborted) throw error;
      const message = `the rendering was ended; ${out} has what came until then`;
      return { ok: false, result: { out }, text: '', problems: [{ code: 'SLUICE_ABORTED', message }] };
    }
    const seconds = (performance.now() - begun) / 1_000;
    const { figures } = await during(measureSound(fromWavFile(out)), () => `measures ${out}`);
    const times = figures.seconds / seconds;
    return {
      ok: true,
      result: { out, mediaSeconds: figures.seconds, realSeconds: seconds, timesRealTime: times },
      text: `${out}: ${figures.seconds.toFixed(3)} s in ${seconds.toFixed(3)} s, ${times.toFixed(1)} x real time\n`,
      next: `sluice probe ${out}`,
    };
  },
});

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** The surroundings of a program of which only the sound is wanted. */
function renderEnv(clock: VirtualClock, seed: number, out: string, sinks: string[]): SessionEnv {
  return {
    ...unrecordedEnv({ clock, random: seededRandom(seed) }),
    sink: (name) => {
      sinks.push(name);
      // A sink of sound stands in for whatever sink of sound the program has.
      return toWavFile(out) as never;
    },
  };
}
