import type { Cancel } from '@sluice/core';
import { offerColorConverter } from '@sluice/core/kernels';
import { loadWrtc, type Wrtc } from './wrtc.ts';

/**
 * Lets colour conversions of this thread between RGBA and I420 use the libyuv of `@roamhq/wrtc`: three to four times as
 * fast as the kernels, within 3 levels of the formulas. With the engine in this process it happens by itself; with the
 * engine in a child this loads its native library here too, though no engine runs, and costs its memory.
 *
 * @returns takes the offer back
 * @throws `SLUICE_HOST_UNAVAILABLE` where the library does not load.
 */
export function offerLibyuv(): Cancel {
  return offerLibyuvOf(loadWrtc());
}

/** The same of a library that is loaded. */
export function offerLibyuvOf({ nonstandard: { rgbaToI420, i420ToRgba } }: Pick<Wrtc, 'nonstandard'>): Cancel {
  const takeBack = [
    offerColorConverter({ name: 'libyuv', from: 'RGBA', to: 'I420', convert: (from, to) => rgbaToI420(from, to) }),
    offerColorConverter({ name: 'libyuv', from: 'I420', to: 'RGBA', convert: (from, to) => i420ToRgba(from, to) }),
  ];
  return () => {
    for (const offer of takeBack) offer();
  };
}
