// What the models of conversations cost and how right they are: detectors, recognisers. Speech is synthesized.

import type { AudioFrame } from '@sluice/core';
import type { VoiceDetector } from '@sluice/core/voice';
import { fvad } from '@sluice/plugin-vad-fvad';
import { silero } from '@sluice/plugin-vad-silero';
import { ProcessTree } from '../measuring/process-tree.ts';
import type { Bench, BenchOptions } from '../measuring/report.ts';
import { percentileInTenths, type Rounds } from '../measuring/rounds.ts';
import { backgrounds } from './backgrounds.ts';
import { framesOf } from './frames-of.ts';
import { judge, type Told, type Verdict } from './judge.ts';
import { RATE } from './rate.ts';
import { rawFvad } from './raw-fvad.ts';
import { makeScene, overBackground, type Scene } from './scene.ts';
import { spokenSentences } from './sentence-lists.ts';
import { speak, voices } from './voices.ts';

const raw = 'raw libfvad';

interface Detector {
  readonly name: string;
  readonly model: VoiceDetector;
}

type Detect = (frames: readonly AudioFrame[], samples: Int16Array) => Told[] | Promise<Told[]>;

interface Condition {
  readonly name: string;
  readonly samples: Int16Array;
}

/** Voice detectors on the same sentences in two voices, over each background at each distance. */
export const detectors: Bench = {
  name: 'detectors',
  async run(report, options) {
    const spoken = (await Promise.all(voices.map((voice) => speak(chosen(options), voice)))).flat();
    const scene = makeScene(spoken);
    const conditions = await conditionsOf(scene);
    const reference = await measure(withRaw(await rawFvad()), scene, conditions);
    for (const { name, model } of await available(options)) {
      // Keeps the process of a model that has one: what has ended can no longer be measured.
      const held = await model.open();
      const found = await measure(withModel(model), scene, conditions);
      await held.close();
      report(`${name}: CPU`, found.cost, 'ms/s', { name: raw, value: reference.cost }, 'lower');
      for (const [index, condition] of conditions.entries()) {
        const [own, other] = [found.verdicts[index]!, reference.verdicts[index]!];
        const tell = (
          what: string,
          unit: string,
          figure: (verdict: Verdict) => number | Rounds,
          better: 'higher' | 'lower',
        ) =>
          report(
            `${name}, ${condition.name}: ${what}`,
            figure(own),
            unit,
            { name: raw, value: single(figure(other)) },
            better,
          );
        tell('speech told', '%', ({ speechTold }) => 100 * speechTold, 'higher');
        tell('pauses told', '%', ({ pausesTold }) => 100 * pausesTold, 'lower');
        tell('start p50', 'ms', ({ startLate }) => percentileInTenths(startLate, 0.5), 'lower');
        tell('start p95', 'ms', ({ startLate }) => percentileInTenths(startLate, 0.95), 'lower');
        tell('end p50', 'ms', ({ endLate }) => percentileInTenths(endLate, 0.5), 'lower');
        tell('end p95', 'ms', ({ endLate }) => percentileInTenths(endLate, 0.95), 'lower');
      }
    }
  },
};

const single = (figure: number | Rounds) => (typeof figure === 'number' ? figure : figure.value);

const chosen = ({ quick }: BenchOptions) => spokenSentences.slice(0, quick ? 6 : undefined);

async function conditionsOf(scene: Scene): Promise<Condition[]> {
  const behind = await backgrounds(scene.samples.length);
  // Next to nothing: a stream of zeros is no room.
  const conditions = [{ name: 'quiet', samples: overBackground(scene, behind.get('noise')!, 60) }];
  for (const [name, background] of behind)
    for (const snr of [20, 10, 0])
      conditions.push({ name: `${name} ${snr} dB`, samples: overBackground(scene, background, snr) });
  return conditions;
}

async function available({ note }: BenchOptions): Promise<Detector[]> {
  const found: Detector[] = [
    { name: 'fvad', model: fvad() },
    { name: 'fvad ungated', model: fvad({ hum: 'pass' }) },
  ];
  try {
    const model = silero();
    await model.prefetch();
    found.push({ name: 'silero', model });
  } catch (error) {
    note(`silero is not here: ${error instanceof Error ? error.message : error}`);
  }
  return found;
}

/** All conditions in turn, and the processor time of all, with what runs in other processes and threads. */
async function measure(detect: Detect, scene: Scene, conditions: readonly Condition[]) {
  const sounds = conditions.map(({ samples }) => ({ samples, frames: framesOf(samples) }));
  // What runs for the first time is compiled meanwhile.
  await detect(sounds[0]!.frames, sounds[0]!.samples);
  const told: Told[][] = [];
  const work = async () => {
    for (const { frames, samples } of sounds) told.push(await detect(frames, samples));
  };
  const cost = await new ProcessTree(process.pid).cpuMs(new Promise((resolve) => setImmediate(() => resolve(work()))));
  const seconds = (sounds.length * scene.samples.length) / RATE;
  return { cost: cost / seconds, verdicts: told.map((one) => judge(scene, one)) };
}

function withRaw(decide: (samples: Int16Array) => Told[]): Detect {
  return (_frames, samples) => decide(samples);
}

function withModel(model: VoiceDetector): Detect {
  return async (frames) => {
    const session = await model.open();
    const told: Told[] = [];
    const reading = (async () => {
      for await (const { type, at, toldAt } of session)
        told.push({ voiced: type === 'speech', at: at / 10_000, toldAt: toldAt / 10_000 });
    })();
    for (const frame of frames) {
      const full = session.write(frame);
      if (full !== undefined) await full;
    }
    await session.flush();
    await session.close();
    await reading;
    return told;
  };
}
