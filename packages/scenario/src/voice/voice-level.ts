import { rms, toDbfs } from '@sluice/core/testing';

/** What is quieter than the loudest by more is a pause, in dB. */
const PAUSE_DB = 30;

/** Level of a voice in dBFS: of those 20 ms in which it sounds. Undefined where it never does. */
export function voiceLevel(samples: Int16Array, sampleRate: number): number | undefined {
  const length = sampleRate / 50;
  const levels: number[] = [];
  for (let at = 0; at < samples.length; at += length) levels.push(rms(samples.subarray(at, at + length)));
  const loudest = Math.max(0, ...levels);
  if (loudest === 0) return undefined;
  const sounding = levels.filter((level) => level >= loudest * 10 ** (-PAUSE_DB / 20));
  return toDbfs(Math.sqrt(sounding.reduce((sum, level) => sum + level * level, 0) / sounding.length));
}
