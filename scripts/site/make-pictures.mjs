// Makes the pictures of pages, docs/pictures: what the tests of the inspector saw last (out/inspector), and sound as our sinks
// draw it, all of it small. Run those tests first: npx vitest run --project calls packages/inspector/test/page/{scenes,talk}.test.ts
// node scripts/site/make-pictures.mjs
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOperator } from '@sluice/core';
import { fromImage, fromWavFile, toImageFiles } from '@sluice/nodes';
import { toSpectrogramPicture, toWaveformPicture } from '@sluice/plugin-sound';

const root = join(import.meta.dirname, '../..');
const into = join(root, 'docs/pictures');
const drawn = mkdtempSync(join(tmpdir(), 'sluice-pictures-'));
mkdirSync(into, { recursive: true });

async function keep(file, name) {
  const sink = toImageFiles(() => join(into, `${name}.webp`), { encoding: 'webp', quality: 60 });
  fromImage(file, { frameRate: 1, duration: 1 }).subscribe(sink);
  await sink.finished;
}

async function draw(name, toPicture, options) {
  const file = join(drawn, `${name}.png`);
  const picture = toPicture(file, options);
  fromWavFile(join(root, 'examples/assets/greeting.wav'), { end: 3 }).pipe(lossy).subscribe(picture);
  await picture.finished;
  await keep(file, name);
}

/** Loses one frame in ten and tells it, as a link that drops does. */
const lossy = createOperator({ name: 'lossy' }, (destination) => {
  let count = 0;
  let gap;
  const lose = (frame) => {
    gap = { duration: frame.duration, reason: 'overflow' };
    frame.close();
  };
  const pass = (frame) => {
    frame.gap = gap;
    gap = undefined;
    destination.next(frame);
  };
  return { next: (frame) => (++count % 10 === 0 ? lose(frame) : pass(frame)) };
});

for (const scene of ['graph', 'scope', 'talk', 'time'])
  await keep(join(root, `out/inspector/${scene}-light.png`), `inspector-${scene}`);
await draw('lossy-waveform', toWaveformPicture, { width: 720, height: 140 });
await draw('lossy-spectrogram', toSpectrogramPicture, { width: 720, height: 240 });
rmSync(drawn, { recursive: true });
