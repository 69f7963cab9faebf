let reporting = false;

/** Whether Node is about to report this error and to end the process, which it does after the listeners for `exit`. */
function noteFatal(): void {
  reporting = process.listenerCount('uncaughtException') === 0 && !process.hasUncaughtExceptionCaptureCallback();
}

function leave(code: number): void {
  // Node ends a process with an uncaught exception without a teardown too, once it has said what happened.
  if (reporting) return;
  const listeners = process.listeners('exit');
  for (const listener of listeners.slice(listeners.indexOf(leave) + 1)) listener.call(process, code);
  const { reallyExit } = process as unknown as { reallyExit(code: number): never };
  reallyExit.call(process, Number(process.exitCode ?? code));
}

/**
 * From now on this process ends without destroying its JavaScript environment: an audio source of the engine crashes
 * there (SIGSEGV), however it was closed. Listeners for `exit` that are added later still run, and Node still reports what
 * nobody caught.
 */
export function leaveWithoutTeardown(): void {
  process.on('uncaughtExceptionMonitor', noteFatal);
  process.on('exit', leave);
}
