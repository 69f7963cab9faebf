import { spawnSync } from 'node:child_process';
import { type ColorFormat, videoByteLength } from '@sluice/core';
import { convertColor, type Picture } from '@sluice/core/kernels';
import { referenceConvertColor } from '@sluice/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wait } from '../../../test/linked-connections.ts';
import { mediaHostContract } from '../../../test/media-host-contract.ts';
import { pictureSourcesContract } from '../../../test/picture-sources-contract.ts';
import { createInProcessHost } from './in-process-host.ts';

mediaHostContract('in this process', () => createInProcessHost());
pictureSourcesContract('in this process', () => ({ host: createInProcessHost(), settle: () => wait(20) }));

describe('colours beside an engine in this process', () => {
  const side = fc.integer({ min: 1, max: 70 });
  const largest = (a: Uint8Array, b: Uint8Array) =>
    a.reduce((most, byte, at) => Math.max(most, Math.abs(byte - b[at]!)), 0);

  it('are converted by the engine, within the tolerance of convertColor, until it is closed', async () => {
    const host = createInProcessHost();
    let others = 0;
    fc.assert(
      fc.property(side, side, fc.integer(), (width, height, seed) => {
        const rgba = picture(width, height, 'RGBA');
        for (const at of rgba.data.keys()) rgba.data[at] = at % 4 === 3 ? 255 : Math.imul(at ^ seed, 0x9e3779b1) >>> 24;
        const [i420, expected] = [picture(width, height, 'I420'), picture(width, height, 'I420')];
        convertColor(rgba, i420);
        referenceConvertColor(rgba, expected);
        expect(largest(i420.data, expected.data)).toBeLessThanOrEqual(3);
        const [back, expectedBack] = [picture(width, height, 'RGBA'), picture(width, height, 'RGBA')];
        convertColor(i420, back);
        referenceConvertColor(i420, expectedBack);
        const difference = largest(back.data, expectedBack.data);
        expect(difference).toBeLessThanOrEqual(3);
        if (difference > 1) others++;
      }),
      // Some in which the two are known to differ beside those that are drawn, of which one in fifty does.
      {
        examples: [
          [13, 32, -30],
          [17, 52, 2_147_483_617],
          [19, 43, -3],
          [21, 45, 1_117_593_470],
        ],
      },
    );
    // Our own conversion is within one level.
    expect(others).toBeGreaterThan(0);
    await host.close();
    const from = picture(64, 64, 'I420');
    for (const at of from.data.keys()) from.data[at] = Math.imul(at, 0x9e3779b1) >>> 24;
    const [own, expected] = [picture(64, 64, 'RGBA'), picture(64, 64, 'RGBA')];
    convertColor(from, own);
    referenceConvertColor(from, expected);
    expect(largest(own.data, expected.data)).toBeLessThanOrEqual(1);
  });
});

describe('a program with the engine in its own process', () => {
  const engine = new URL('../../../dist/host/engine/in-process-host.js', import.meta.url).href;
  const run = (line: string) =>
    spawnSync(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { createInProcessHost } from ${JSON.stringify(engine)};
         createInProcessHost().createAudioSource({ sampleRate: 48000, channels: 1, autoSilence: true, cushionMs: 60 });
         process.on('exit', (code) => console.log('exit', code));
         ${line}`,
      ],
      { encoding: 'utf8' },
    );

  it.each([
    ['throws', `throw new Error('mine');`, 1, true],
    ['leaves a rejection to nobody', `Promise.reject(new Error('mine'));`, 1, true],
    [
      'handles what nobody caught',
      `process.on('uncaughtException', () => process.exit(7)); throw new Error('mine');`,
      7,
      false,
    ],
  ])('that %s ends with the report and the status of Node, and its listeners', (_, line, code, told) => {
    const { status, signal, stdout, stderr } = run(line);
    expect({ status, signal, stdout }).toEqual({ status: code, signal: null, stdout: `exit ${code}\n` });
    expect(stderr.includes('Error: mine')).toBe(told);
  });
});

function picture(width: number, height: number, format: ColorFormat): Picture {
  return { width, height, format, data: new Uint8Array(videoByteLength({ width, height, format })) };
}
