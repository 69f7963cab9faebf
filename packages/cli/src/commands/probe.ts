import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { noFile, unreadFormat } from '../errors.ts';
import { measureSound, type SoundFigures } from '../sound/measure-sound.ts';
import { soundPicture } from '../sound/sound-picture.ts';
import { defineCommand } from '../terms/command.ts';

export const probe = defineCommand({
  name: 'probe',
  summary: 'Measures a WAV file: length, level, clipping, gaps, tone; draws it',
  usage: '<file.wav>',
  words: { least: 1, most: 1 },
  examples: ['sluice probe out.wav', 'sluice probe out.wav --png out.png', 'sluice probe out.wav --json'],
  flags: { png: { type: 'string', value: '<file>', about: 'draws its waveform and spectrogram' } },
  async run({ words: [file = ''], values: { png }, say }) {
    const ending = extname(file).toLowerCase();
    if (/^[a-z]+:\/\//.test(file) || (ending !== '.wav' && ending !== '.wave')) throw unreadFormat(file, ending);
    const found = await stat(file).catch((error: unknown) => {
      throw noFile(file, error);
    });
    if (!found.isFile()) throw noFile(file);
    const { figures, samples } = await measureSound(file);
    if (png !== undefined) {
      const { default: sharp } = await import('sharp');
      const { width, height, pixels } = soundPicture(samples);
      await sharp(pixels, { raw: { width, height, channels: 3 } })
        .png()
        .toFile(png);
      say(`drawn into ${png}`);
    }
    return {
      ok: true,
      result: { file, ...figures, ...(png === undefined ? {} : { png }) },
      text: described(file, figures),
      problems: figures.reports.map((message) => ({ message })),
      ...(png === undefined ? { next: `sluice probe ${file} --png ${file.replace(/\.wave?$/i, '.png')}` } : {}),
    };
  },
});

function described(file: string, figures: SoundFigures): string {
  const { sampleRate, channels, seconds, peakDbfs, rmsDbfs, clipped, gaps, tone, lookedAtSeconds } = figures;
  const level = (dbfs: number | null) => (dbfs === null ? 'silence' : `${dbfs} dBFS`);
  const heard = tone === null ? 'none stands out' : `${tone.hz} Hz, ${tone.dbfs} dBFS, ${tone.snrDb} dB over the rest`;
  const pauses =
    gaps.count === 0 ? 'none' : `${gaps.count}, the longest ${gaps.longestMs} ms, together ${gaps.totalMs} ms`;
  const part = lookedAtSeconds < seconds ? ` (of the first ${lookedAtSeconds.toFixed(0)} s)` : '';
  return `${file}
  format    ${sampleRate} Hz, ${channels === 1 ? 'mono' : `${channels} channels`}
  length    ${seconds.toFixed(3)} s
  peak      ${level(peakDbfs)}
  rms       ${level(rmsDbfs)}
  clipping  ${clipped === 0 ? 'none' : `${clipped} samples at full scale`}
  gaps      ${pauses}${part}
  tone      ${heard}${part}
`;
}
