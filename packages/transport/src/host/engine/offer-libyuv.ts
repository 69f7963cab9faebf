import type { Cancel } from '@sluice/core';
import { offerColorConverter } from '@sluice/core/kernels';
import type { Wrtc } from './wrtc.ts';

/** Lets `convertColor` use the engine's libyuv where that is in this process anyway: three to five times as fast. */
export function offerLibyuv({ nonstandard: { rgbaToI420, i420ToRgba } }: Wrtc): Cancel {
  const takeBack = [
    offerColorConverter({ name: 'libyuv', from: 'RGBA', to: 'I420', convert: (from, to) => rgbaToI420(from, to) }),
    offerColorConverter({ name: 'libyuv', from: 'I420', to: 'RGBA', convert: (from, to) => i420ToRgba(from, to) }),
  ];
  return () => {
    for (const offer of takeBack) offer();
  };
}
