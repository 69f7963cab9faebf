import { expect, test } from 'vitest';
import * as kernels from './index.ts';

test('the exports of @sluice/core/kernels', () => {
  expect(Object.keys(kernels).sort()).toEqual([
    'AudioConverter',
    'Resampler',
    'ScalarFirEngine',
    'checkMatrix',
    'checkQuality',
    'convertColor',
    'createRemixer',
    'floatToInt16',
    'int16ToFloat',
    'offerColorConverter',
    'remixMatrix',
    'resampleDelay',
    'resampleQualities',
    'sameColors',
    'shrinkI420',
    'toInt16',
  ]);
});
