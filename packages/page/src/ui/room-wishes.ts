import type { TokenWishes } from './token-wishes.ts';

/** How long a person looks at nothing for the sake of a wish, in milliseconds. */
const PATIENCE_MS = 2_000;

/** How the room wants pages to begin, which a server tells where anyone may enter. Empty if it does not say. */
export async function readRoomWishes(url: string): Promise<TokenWishes> {
  try {
    const headers = { accept: 'application/json' };
    const answer = await fetch(url, { headers, signal: AbortSignal.timeout(PATIENCE_MS) });
    const { startVideoOff, startAudioOff } = (await answer.json()) as Record<string, unknown>;
    return { startVideoOff: startVideoOff === true, startAudioOff: startAudioOff === true };
  } catch {
    return {};
  }
}
