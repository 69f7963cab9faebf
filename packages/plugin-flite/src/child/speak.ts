import type { SpeakMessage, Speech, TokenTime } from '../messages.ts';
import { alignPhones } from './align-phones.ts';
import type { FliteProgram } from './flite-program.ts';
import type { Lexicon } from './lexicon.ts';
import { readWav } from './read-wav.ts';

const SAMPLE_RATE = 16_000;

/** A spoken phone, in seconds. */
interface Phone {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Speaks tokens as one utterance, and says when each sounds. */
export function speak(program: FliteProgram, lexicon: Lexicon, { voice, stretch, tokens }: SpeakMessage): Speech {
  const text = tokens.join(' ');
  const stretched = ['--setf', `duration_stretch=${stretch.toFixed(3)}`];
  const { wav, output } = program.run(['-voice', voice, ...stretched, '-psdur', '-t', text, '-o', '/out.wav']);
  const samples = readWav(wav, SAMPLE_RATE);
  const phones = readPhones(output).filter(({ name }) => name !== 'pau');
  const owners = alignPhones(
    phones.map(({ name }) => name),
    lexicon.phonesOf(tokens),
  );
  return { samples, times: timesOf(phones, owners, samples.length / SAMPLE_RATE) };
}

/** Reads lines of `name:end`; each line is an utterance whose ends count from its own start. */
export function readPhones(output: string): Phone[] {
  const phones: Phone[] = [];
  let base = 0;
  for (const line of output.split('\n')) {
    let start = base;
    for (const [, name, end] of line.matchAll(/(\S+):([\d.]+)/g)) {
      const phone = { name: name!, start, end: base + Number(end) };
      phones.push(phone);
      start = phone.end;
    }
    base = start;
  }
  return phones;
}

function timesOf(phones: readonly Phone[], owners: readonly number[], length: number): TokenTime[] {
  const times: { token: number; start: number; end: number }[] = [];
  for (const [index, { start, end }] of phones.entries()) {
    const last = times.at(-1);
    const token = owners[index]!;
    if (last?.token === token) last.end = Math.min(end, length);
    else times.push({ token, start: Math.min(start, length), end: Math.min(end, length) });
  }
  return times;
}
