import { colorFormats } from '@sluice/core';
import { convertColor } from '@sluice/core/kernels';
import { psnr } from '@sluice/core/testing';
import { from, lastValueFrom } from 'rxjs';
import { expect, it } from 'vitest';
import { noisePicture } from '../../test/noise-picture.ts';
import { pictureAt } from '../../test/picture-frames.ts';
import { videoOperatorChecklist } from '../../test/video-operator-checklist.ts';
import { grayscale } from './grayscale.ts';

videoOperatorChecklist('grayscale', { make: grayscale });

it.each(colorFormats)('leaves %s without a colour, in place', async (format) => {
  const frame = pictureAt(3, { width: 31, height: 17, format });
  const grey = await lastValueFrom(from([frame]).pipe(grayscale()));
  expect(grey).toBe(frame);
  const rgb = noisePicture('RGB', 31, 17, 1);
  convertColor(grey, rgb);
  for (let at = 0; at < rgb.data.length; at += 3) expect(new Set(rgb.data.subarray(at, at + 3)).size).toBe(1);
  const again = noisePicture(format, 31, 17, 1);
  again.data.set(grey.data);
  expect(psnr(again, await lastValueFrom(from([grey]).pipe(grayscale()))).maxError).toBe(0);
  grey.close();
});
