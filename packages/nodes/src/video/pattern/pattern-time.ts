import { type ExactFrameRate, frameTime } from '../../options/exact-frame-rate.ts';

/** How long a flash lasts in microseconds, in whole frames and at least one. */
const flashMicros = 100_000;
/** The moving box crosses the picture once in this time, in microseconds. */
const crossingMicros = 2_000_000;

/** Whether a frame flashes: the first one at or after each full second, and those within 100 ms of that second. */
export function flashes(frameNumber: number, rate: ExactFrameRate): boolean {
  const time = frameTime(frameNumber, rate);
  if (time % 1_000_000 < flashMicros) return true;
  return second(time) !== second(frameTime(frameNumber - 1, rate));
}

/** How much of its way the moving box has behind it, from 0 to less than 1: it starts on every second full second. */
export function boxProgress(frameNumber: number, rate: ExactFrameRate): number {
  return (frameTime(frameNumber, rate) % crossingMicros) / crossingMicros;
}

/** `HH:MM:SS:FF` of media time; FF counts the frames that have begun in this second. Nothing is dropped or skipped. */
export function timecode(frameNumber: number, rate: ExactFrameRate): string {
  const seconds = second(frameTime(frameNumber, rate));
  const first = Math.ceil((seconds * rate.numerator) / rate.denominator - 1e-6);
  const fields = [Math.floor(seconds / 3_600) % 100, Math.floor(seconds / 60) % 60, seconds % 60, frameNumber - first];
  return fields.map((field) => String(field).padStart(2, '0')).join(':');
}

function second(time: number): number {
  return Math.floor(time / 1_000_000);
}
