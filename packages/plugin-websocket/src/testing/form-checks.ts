import { isSluiceError } from '@sluice/core';
import { testTone } from '@sluice/core/testing';
import type { FormEvent, FormSession, MediaForm, WireMessage } from '../forms/media-form.ts';

/** A form, and what a far side says in it. */
export interface FormTrial {
  /** Makes the form, anew for each check. */
  readonly make: () => MediaForm;
  /** What the far side says before its sound; none by default. */
  readonly begin?: readonly WireMessage[];
  /** What it says for samples. Default: what the form itself would say. */
  readonly says?: (session: FormSession, samples: Int16Array) => WireMessage;
  /** Signal to noise of what passes, in dB. Default 35, of G.711; 90 for 16 bits. */
  readonly minSnrDb?: number;
}

/** One thing that every form has to hold. */
export interface FormCheck {
  /** What holds, as a sentence: the name of the test. */
  readonly name: string;
  /** Throws what is wrong. */
  readonly run: (trial: FormTrial) => void;
}

/** What every form has to hold, for any runner: `for (const { name, run } of formChecks) it(name, () => run(trial))`. */
export const formChecks: readonly FormCheck[] = [
  { name: 'reads back the sound that it writes', run: roundTrip },
  { name: 'keeps digital silence silent', run: silence },
  { name: 'clips nothing at full scale', run: fullScale },
  { name: 'refuses garbage by its own error, and never by another', run: garbage },
  { name: 'may write marks and clears if the far side buffers', run: marks },
  { name: 'keeps nothing from one socket for the next', run: apart },
];

function roundTrip(trial: FormTrial): void {
  const { sampleRate, channels } = trial.make();
  const tone = testTone({ sampleRate, frequency: 440, durationMs: 200 });
  const samples = Int16Array.from({ length: tone.length * channels }, (_, i) => tone[Math.floor(i / channels)]!);
  const passed = pass(trial, samples);
  if (passed.length !== samples.length) throw new Error(`${samples.length} samples became ${passed.length}`);
  let [signal, noise] = [0, Number.MIN_VALUE];
  for (const [i, sample] of samples.entries()) {
    signal += sample ** 2;
    noise += (passed[i]! - sample) ** 2;
  }
  const db = 10 * Math.log10(signal / noise);
  if (db < (trial.minSnrDb ?? 35)) throw new Error(`what passed is ${db.toFixed(1)} dB above its noise`);
}

function silence(trial: FormTrial): void {
  const { channels } = trial.make();
  const passed = pass(trial, new Int16Array(160 * channels));
  const loudest = Math.max(...passed.map(Math.abs));
  // Of A-law the quietest value is 8.
  if (loudest > 8) throw new Error(`silence became as loud as ${loudest}`);
}

function fullScale(trial: FormTrial): void {
  const { channels } = trial.make();
  const samples = Int16Array.from({ length: 64 * channels }, (_, i) => (i % 2 === 0 ? 32_767 : -32_768));
  for (const [i, sample] of pass(trial, samples).entries())
    if (Math.sign(sample) !== Math.sign(samples[i]!) || Math.abs(sample) < 30_000)
      throw new Error(`${samples[i]} became ${sample}`);
}

function garbage(trial: FormTrial): void {
  const bad: WireMessage[] = ['', '{', '[]', 'null', '{"event":{},"type":{}}', '{"event":"media","type":"media"}'];
  for (const message of [...bad, new Uint8Array(0), Uint8Array.of(1, 2, 3)]) {
    try {
      begun(trial).read(message, () => {});
    } catch (error) {
      if (!isSluiceError(error) || error.code !== 'SLUICE_MEDIA_SOCKET_MESSAGE') throw error;
    }
  }
}

function marks(trial: FormTrial): void {
  const form = trial.make();
  const session = begun(trial, form);
  const has = session.mark !== undefined && session.clear !== undefined;
  if (has !== form.buffers)
    throw new Error(`buffers is ${form.buffers}, and mark and clear are ${has ? '' : 'not '}there`);
}

function apart(trial: FormTrial): void {
  const form = trial.make();
  begun(trial, form);
  const fresh = form.open();
  if (fresh.ready !== trial.make().open().ready) throw new Error('a second socket knows of the first');
}

function begun(trial: FormTrial, form = trial.make()): FormSession {
  const session = form.open();
  for (const message of trial.begin ?? []) session.read(message, () => {});
  if (!session.ready) throw new Error('it is not ready after what the far side said at the beginning');
  return session;
}

function pass(trial: FormTrial, samples: Int16Array): Int16Array {
  const form = trial.make();
  const session = begun(trial, form);
  const length = 160 * form.channels;
  const parts: number[] = [];
  for (let at = 0; at < samples.length; at += length) {
    const part = samples.slice(at, at + length);
    const message = trial.says?.(session, part) ?? session.media(part);
    const event: FormEvent | undefined = session.read(message, () => {});
    if (event?.type !== 'media') throw new Error(`media was read as ${event?.type ?? 'nothing'}`);
    parts.push(...event.samples);
  }
  return Int16Array.from(parts);
}
