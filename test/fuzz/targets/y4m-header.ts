import { strict as assert } from 'node:assert';
import {
  formatY4mHeader,
  looksLikeY4m,
  parseY4mHeader,
  y4mChromaBytes,
} from '../../../packages/nodes/src/formats/y4m/y4m-header.ts';
import { exactFrameRate } from '../../../packages/nodes/src/options/exact-frame-rate.ts';
import type { FuzzTarget } from '../fuzzer/fuzz-target.ts';

const MOST_PIXELS = 4_096 * 4_096;

export const y4mHeaderTarget: FuzzTarget = {
  name: 'y4m',
  reads: 'Y4M headers; what is read is written and read again',
  seeds: () => [
    formatY4mHeader({ width: 640, height: 480, frameRate: exactFrameRate(25), colorSpace: 'bt601' }).trimEnd(),
    formatY4mHeader({
      width: 1_920,
      height: 1_080,
      frameRate: exactFrameRate(29.97),
      colorSpace: 'bt709-full',
    }).trimEnd(),
    'YUV4MPEG2 W16 H16 F30000:1001 It A1:1 C422 XYSCSS=444',
  ],
  run: (input) => {
    const line = Buffer.from(input).toString('latin1');
    const header = parseY4mHeader(line, MOST_PIXELS);
    assert.ok(looksLikeY4m(line) || line === 'YUV4MPEG2');
    assert.ok(header.width * header.height <= MOST_PIXELS);
    assert.ok(Number.isInteger(y4mChromaBytes(header)));
    const { frameRate } = header;
    if (frameRate === undefined) return;
    const again = parseY4mHeader(formatY4mHeader({ ...header, frameRate }).trimEnd(), MOST_PIXELS);
    const { width, height, colorSpace } = header;
    assert.deepEqual(
      { width: again.width, height: again.height, colorSpace: again.colorSpace, frameRate: again.frameRate },
      { width, height, colorSpace, frameRate },
    );
  },
};
