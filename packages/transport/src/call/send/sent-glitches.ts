import { type GlitchCounts, GlitchTotals, glitchesSince, glitchRates } from '@sluice/core';
import { trackKind } from '@sluice/protocol';
import type { TrackGlitches } from '../../devices/track-glitches.ts';

/** What is read of a device: its glitches since it was made. */
interface CountingDevice {
  readonly glitches: GlitchCounts;
}

interface SentTrack {
  /** Of devices that were sent under this name before. */
  readonly past: GlitchTotals;
  /** The device that is sent now, and what it had counted when that began. */
  now: { readonly device: CountingDevice; readonly before: GlitchCounts } | undefined;
}

/** Glitches of what a client sends in one call, by track name: of its devices, while they were sent under that name. */
export class SentGlitches {
  readonly #tracks = new Map<string, SentTrack>();

  /** From now on the device is sent under this name. */
  begin(track: string, device: CountingDevice): void {
    this.end(track);
    const sent = this.#tracks.get(track) ?? { past: new GlitchTotals(), now: undefined };
    sent.now = { device, before: device.glitches };
    this.#tracks.set(track, sent);
  }

  /** It is not any more; what was counted stays. */
  end(track: string): void {
    const sent = this.#tracks.get(track);
    if (sent?.now === undefined) return;
    sent.past.add(glitchesSince(sent.now.device.glitches, sent.now.before));
    sent.now = undefined;
  }

  list(participantId: string): TrackGlitches[] {
    return [...this.#tracks].map(([track, { past, now }]) => {
      const totals = new GlitchTotals();
      totals.add(past);
      if (now !== undefined) totals.add(glitchesSince(now.device.glitches, now.before));
      return { edge: 'sender', kind: trackKind(track), track, participantId, ...glitchRates(totals) };
    });
  }

  /** The call is over. */
  clear(): void {
    this.#tracks.clear();
  }
}
