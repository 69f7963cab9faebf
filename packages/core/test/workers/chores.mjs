import { map, tap } from 'rxjs';

/** Operators that the worker tests place on a thread. */
export const negate = () =>
  map((frame) => {
    for (let i = 0; i < frame.samples.length; i++) frame.samples[i] = -frame.samples[i];
    return frame;
  });

export const pass = () => map((frame) => frame);

export const failAt = ({ at }) =>
  tap((frame) => {
    if (frame.samples[0] === at) throw new Error(`no ${at}`);
  });

export const crash = () => tap(() => process.exit(3));

export const hang = () =>
  tap(() => {
    for (;;);
  });

export const invert = () =>
  map((frame) => {
    for (let i = 0; i < frame.data.length; i++) frame.data[i] = 255 - frame.data[i];
    return frame;
  });

export const exitLater = () => tap(() => setTimeout(() => process.exit(3)));

export const throwLater = () =>
  tap(() =>
    setTimeout(() => {
      throw new Error('later');
    }),
  );

export const rejectLater = () => tap(() => void Promise.reject(new Error('later')));
