import { wavBytes } from '../../scope/wav-bytes.ts';
import type { KeptSound } from './kept-sound.ts';

/** Gives the browser a file to save. */
export function saveBlob(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Saves the last ten seconds of a link as a WAV file. Returns whether there was any sound. */
export function saveWav({ sound }: KeptSound, link: string): boolean {
  if (sound === undefined) return false;
  const bytes = wavBytes(sound.samples, sound.rate, sound.channels);
  saveBlob(new Blob([bytes], { type: 'audio/wav' }), `${fileName(link)}.wav`);
  return true;
}

/** Saves what is drawn as a PNG file. */
export function savePng(canvas: HTMLCanvasElement, link: string): void {
  canvas.toBlob((blob) => {
    if (blob !== null) saveBlob(blob, `${fileName(link)}.png`);
  });
}

function fileName(link: string): string {
  return link.replace(/[^\w.-]+/g, '_');
}
