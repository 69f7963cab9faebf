// Runs one example on its inputs. What comes out lies beside what went in: WAV, PNG, or lines of text.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { fromWavFile, toImageFiles, toNull, toWavFile } from '@sluice/nodes';
import { toSpectrogramPicture, toWaveformPicture } from '@sluice/plugin-sound';
import { files, pictures, sounds } from './inputs.mjs';
import { addresses, calls, talks } from './surroundings.mjs';

/** A line each, however long. */
const WIDE = { breakLength: Number.POSITIVE_INFINITY };

const sources = { ...sounds, ...pictures, ...files, ...talks, ...addresses, ...calls };

const givenTo = ({ given = [] }) => Promise.all(given.map((name) => sources[name]()));

/** Runs what an example does, into a sink: it returns a stream for it, or has led one there by itself. */
async function run(example, sink) {
  const made = await example.run(...(await givenTo(example)), sink);
  made?.subscribe(sink);
  await sink.finished;
}

/** Sound into a file and its picture. */
export async function soundOf(folder, name, example, draw = 'wave') {
  const wav = join(folder, `${name}.wav`);
  await run(example, toWavFile(wav));
  return { wav: `${name}.wav`, picture: await pictureOf(folder, name, draw) };
}

/** A sound of the inputs, as it is before. */
export const inputOf = (folder, name, draw) => soundOf(folder, name, { run: sounds[name] }, draw);

async function pictureOf(folder, name, draw) {
  const picture = `${name}.${draw}.png`;
  const [path, width] = [join(folder, picture), 680];
  const drawn =
    draw === 'wave'
      ? toWaveformPicture(path, { width, height: 180 })
      : toSpectrogramPicture(path, { width, height: 260, floorDb: -90 });
  fromWavFile(join(folder, `${name}.wav`)).subscribe(drawn);
  await drawn.finished;
  return picture;
}

/** All pictures that come out, one file each. */
export async function picturesOf(folder, name, example) {
  await run(example, toImageFiles(join(folder, `${name}.%d.png`)));
  const numberOf = (file) => Number(file.split('.').at(-2));
  const made = readdirSync(folder).filter((file) => file.startsWith(`${name}.`) && /\.\d+\.png$/.test(file));
  return made.sort((a, b) => numberOf(a) - numberOf(b));
}

/** What it tells, a line each; numbers to a hundredth. */
export async function linesOf(example) {
  const lines = [];
  const short = (value) => (typeof value === 'number' ? Math.round(value * 100) / 100 : value);
  const tell = (about) =>
    lines.push(inspect(Object.fromEntries(Object.entries(about).map(([key, value]) => [key, short(value)])), WIDE));
  const made = await example.run(...(await givenTo(example)), tell);
  if (made?.subscribe !== undefined) await run({ run: () => made }, toNull());
  return lines;
}

/** What a node draws by itself. */
export async function drawnBy(folder, name, example) {
  const file = `${name}.png`;
  const [source] = example.given;
  const sink = example.run(join(folder, file));
  sources[source]().subscribe(sink);
  await sink.finished;
  return file;
}
