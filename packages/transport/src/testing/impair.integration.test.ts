import { realClock } from '@sluice/core';
import {
  ImpairedPath,
  impairCandidates,
  ProbeListener,
  type ProbeReport,
  probeSamples,
  rawCall,
  UdpRelay,
  type UdpRelayOptions,
  writePaced,
} from '@sluice/transport/testing';
import { describe, expect, it, vi } from 'vitest';

const sampleRate = 48_000;

type Script = (path: ImpairedPath, frame: () => number) => unknown;

/**
 * Plays coded frames over a raw call whose speaker is the impaired side. `script` begins with frame 50; it may ask which frame is
 * written just then.
 */
async function play(frames: number, options: UdpRelayOptions, script: Script = () => {}) {
  const { loss, exactLoss, ...clean } = options;
  using path = new ImpairedPath(await UdpRelay.open(clean));
  const call = await rawCall({ mapCandidate: impairCandidates(path.relay) });
  try {
    const listener = new ProbeListener();
    call.onAudio(({ samples, sampleRate, channelCount }, at) => {
      listener.push(samples, { sampleRate, channels: channelCount }, at);
    });
    let slices = 0;
    let scripted: unknown;
    const write = (slice: Int16Array) => {
      // Conditions begin once the call stands and the jitter buffer has settled.
      if (slices++ === 100) {
        path.set({ ...(loss === undefined ? {} : { loss }), ...(exactLoss === undefined ? {} : { exactLoss }) });
        scripted = script(path, () => slices >> 1);
      }
      call.write(slice);
    };
    const written = await writePaced(write, probeSamples(frames, { sampleRate }), sampleRate);
    await scripted;
    // Until the last frame is heard, or none was for a while: where it is lost the report says so.
    const isOver = () => {
      const { index, at } = listener.arrivals.at(-1)!;
      expect(index === frames - 1 || realClock.now() - at > 600).toBe(true);
    };
    await vi.waitFor(isOver, { timeout: 3_000 });
    const report = listener.report({ emittedAt: (index) => written[2 * index], expected: { first: 50, end: frames } });
    return { report, counts: path.counts };
  } finally {
    call.close();
  }
}

const missing = (report: ProbeReport) => report.gaps.reduce((sum, gap) => sum + gap.frames, 0);

describe('a real call through the relay', () => {
  it('loses nothing on a clean path', async () => {
    const { report, counts } = await play(200, {});
    expect(report.gaps).toEqual([]);
    // ICE asks before the other address is known; nothing else is dropped.
    expect(counts.dropped).toBe(counts.reasons['no-path'] ?? 0);
    expect(counts.delivered).toBeGreaterThan(200);
  });

  it('hears a cut of one second as a gap of about that, and recovers', async () => {
    const { report, counts } = await play(250, {}, (path) => path.after(500, (each) => each.cut(1000)));
    expect(counts.reasons.cut).toBeGreaterThan(40);
    expect(missing(report)).toBeGreaterThan(35);
    expect(missing(report)).toBeLessThan(65);
    expect(report.arrivals.at(-1)!.index).toBe(249);
  });

  it('loses what the seed says', async () => {
    const { report, counts } = await play(250, { seed: 11, exactLoss: { lost: 10, of: 50 } });
    expect(counts.reasons.loss).toBeGreaterThan(30);
    // A packet lies across two coded frames, and error correction brings some back.
    expect(missing(report)).toBeGreaterThan(0.5 * counts.reasons.loss!);
    expect(missing(report)).toBeLessThan(2.5 * counts.reasons.loss!);
  });

  it('survives a NAT rebind', async () => {
    let rebound = 300;
    const { report } = await play(300, {}, (path, frame) =>
      path.after(1000, (each) => {
        rebound = frame();
        each.rebind();
      }),
    );
    // What a machine without time has lost before is not the rebind's doing.
    const gaps = report.gaps.filter(({ firstIndex, frames }) => firstIndex + frames >= rebound);
    // The far side learns the new address by the next check of ICE, of which there is one in 2.5 s where a path has been steady.
    expect(missing({ ...report, gaps })).toBeLessThan(150);
    expect(report.arrivals.at(-1)!.index).toBeGreaterThan(rebound + 150);
  });
});
