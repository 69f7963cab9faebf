import { findGaps, measureTone } from '@sluice/core/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { joined, linkConnections, record, tone, wait } from '../../../test/linked-connections.ts';
import { mediaHostContract } from '../../../test/media-host-contract.ts';
import { pictureSourcesContract } from '../../../test/picture-sources-contract.ts';
import type { MediaHost } from '../media-host.ts';
import { createChildHost } from './child-host.ts';

mediaHostContract('in a child process', () => createChildHost());
pictureSourcesContract('in a child process', () => ({ host: createChildHost(), settle: () => wait(100) }));

const mono = { sampleRate: 48_000, channels: 1, autoSilence: true, cushionMs: 60 } as const;

describe('the child process of the media host', () => {
  let host: MediaHost;
  afterEach(() => host.close());

  it('plays through stalls of the writing process as long as media was written ahead', async () => {
    host = createChildHost();
    await host.stats();
    const link = linkConnections(host);
    const source = host.createAudioSource(mono);
    link.a.addTrack('microphone', source);
    const heard = record(link.b, 'microphone');
    await link.negotiate();
    source.write(tone({ hz: 440, sampleRate: 48_000, ms: 3_000 }));
    let underruns = 0;
    source.onProgress((progress) => {
      underruns = progress.underruns;
    });
    await wait(900);
    for (let stall = 0; stall < 4; stall++) {
      const end = performance.now() + 200;
      while (performance.now() < end);
      await wait(200);
    }
    const samples = joined(heard.chunks).slice(-48_000 * 1.6);
    expect(findGaps(samples, { sampleRate: 48_000 }).gaps).toEqual([]);
    expect(measureTone(samples, 48_000, 440, { searchHz: 5 }).snr).toBeGreaterThan(20);
    expect(underruns).toBe(0);
    link.close();
  });
});
