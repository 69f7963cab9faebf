import { basename, extname } from 'node:path';
import { notWritten, wrongUsage } from '../errors.ts';
import { measureSound, type SoundFigures } from '../sound/measure-sound.ts';
import { type SoundOf, soundOf } from '../sound/sound-of.ts';
import { soundPicture } from '../sound/sound-picture.ts';
import { defineCommand } from '../terms/command.ts';
import { fold } from '../terms/fold.ts';

export const probe = defineCommand({
  name: 'probe',
  summary: 'Measures a file of sound or a URL: length, level, clipping, gaps, tone; draws it',
  usage: '<file or URL>',
  words: { least: 1, most: 1 },
  examples: [
    'sluice probe out.wav',
    'sluice probe talk.mp4 --png talk.png',
    'sluice probe https://example.org/a.mp3 --json',
  ],
  flags: { png: { type: 'string', value: '<file>', about: 'draws its waveform and spectrogram' } },
  async run({ words: [file = ''], values: { png }, say, signal, during, width }) {
    if (png === '') throw wrongUsage('--png takes the path of a file', 'sluice probe --help');
    const { source, media } = await soundOf(file, signal);
    let heard = 0;
    const measured = measureSound(source, (seconds) => {
      heard = seconds;
    });
    const { figures, samples } = await during(measured, () => `heard ${heard.toFixed(1)} s of ${file}`);
    if (png !== undefined) {
      const { default: sharp } = await import('sharp');
      const { width, height, pixels } = soundPicture(samples);
      await sharp(pixels, { raw: { width, height, channels: 3 } })
        .png()
        .toFile(png)
        .catch((error: unknown) => {
          throw notWritten(png, error);
        });
      say(`drawn into ${png}`);
    }
    return {
      ok: true,
      result: { file, ...figures, ...(media === undefined ? {} : { media }), ...(png === undefined ? {} : { png }) },
      text: fold(described(file, figures, media), width, 10),
      problems: figures.reports.map((message) => ({ message })),
      ...(png === undefined ? { next: `sluice probe ${file} --png ${basename(file, extname(file))}.png` } : {}),
    };
  },
});

function described(file: string, figures: SoundFigures, media: SoundOf['media']): string {
  const { sampleRate, channels, seconds, peakDbfs, rmsDbfs, clipped, gaps, tone, lookedAtSeconds } = figures;
  const level = (dbfs: number | null) => (dbfs === null ? 'silence' : `${dbfs} dBFS`);
  const heard = tone === null ? 'none stands out' : `${tone.hz} Hz, ${tone.dbfs} dBFS, ${tone.snrDb} dB over the rest`;
  const pauses =
    gaps.count === 0 ? 'none' : `${gaps.count}, the longest ${gaps.longestMs} ms, together ${gaps.totalMs} ms`;
  const part = lookedAtSeconds < seconds ? ` (of the first ${lookedAtSeconds.toFixed(0)} s)` : '';
  return `${file}
  format    ${sampleRate} Hz, ${channels === 1 ? 'mono' : `${channels} channels`}${form(media)}
  length    ${seconds.toFixed(3)} s
  peak      ${level(peakDbfs)}
  rms       ${level(rmsDbfs)}
  clipping  ${clipped === 0 ? 'none' : `${clipped} samples at full scale`}
  gaps      ${pauses}${part}
  tone      ${heard}${part}
`;
}

/** What else there is to say of a file that ffmpeg reads. */
function form(media: SoundOf['media']): string {
  if (media === undefined) return '';
  const pictures = media.video.map(({ codec, width, height }) => `; ${codec}, ${width} x ${height}`);
  return `, ${media.codec} in ${media.container}${pictures.join('')}`;
}
