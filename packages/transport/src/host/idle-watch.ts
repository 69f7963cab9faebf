import { Socket } from 'node:net';
import { type Cancel, SluiceError } from '@sluice/core';
import type { MediaHostMode } from './create-media-host.ts';

/** How often the program is looked at, in milliseconds. It is idle when it was so twice. */
const EVERY_MS = 2_000;

/** What a media host by itself keeps the event loop alive with, as Node names it. */
const resourcesOf: Readonly<Record<MediaHostMode, readonly string[]>> = {
  child: ['PipeWrap', 'ProcessWrap'],
  'in-process': ['Timeout'],
};

/**
 * Tells a program that forgot `Daily.deinit()` what keeps it alive: once, when it is in no call and has nothing left to
 * wait for but the media host. Does not keep it alive itself.
 *
 * @param busy Whether somebody is in a call.
 */
export function watchIdle(
  mode: MediaHostMode,
  busy: () => boolean,
  tell: (error: SluiceError<'SLUICE_HOST_IDLE'>) => void,
): Cancel {
  let before = false;
  const look = () => {
    const idle = !busy() && onlyThese([...resourcesOf[mode], ...outputs()]);
    if (idle && before) {
      clearInterval(timer);
      tell(
        new SluiceError('SLUICE_HOST_IDLE', 'the media host is all that keeps this program running', {
          fix: 'Call Daily.deinit() when it is done',
        }),
      );
    }
    before = idle;
  };
  const timer = setInterval(look, EVERY_MS).unref();
  return () => clearInterval(timer);
}

function onlyThese(resources: readonly string[]): boolean {
  // Outputs are there once somebody has looked at them, as `outputs` has.
  return process.getActiveResourcesInfo().sort().join() === [...resources].sort().join();
}

/** What the process writes to, which is listed too and keeps nothing alive. A file is no resource. */
function outputs(): string[] {
  return [process.stdout, process.stderr].flatMap((output) =>
    output.isTTY ? ['TTYWrap'] : output instanceof Socket ? ['PipeWrap'] : [],
  );
}
