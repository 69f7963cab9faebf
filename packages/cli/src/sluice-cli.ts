import { runCommandLine } from './run-command-line.ts';
import { EndedBy } from './terms/ended-by.ts';
import { exitCodes } from './terms/exit-codes.ts';

const abort = new AbortController();
/** How it ends, if somebody else says so. */
let ended: number | undefined;
for (const [signal, code] of [
  ['SIGINT', exitCodes.interrupted],
  ['SIGTERM', exitCodes.terminated],
  ['SIGHUP', exitCodes.hungUp],
] as const)
  process.on(signal, () => {
    // Who asks twice does not want to wait.
    if (abort.signal.aborted) process.exit(code);
    ended = code;
    abort.abort(new EndedBy(signal));
  });
// Who reads only the first lines closes the pipe: that is no fault, and what runs ends in order, with its files whole.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  ended ??= error.code === 'EPIPE' ? exitCodes.ok : exitCodes.failed;
  abort.abort(error);
});
// Talk that nobody hears ends nothing.
process.stderr.on('error', () => {});

const { stdout, stderr, env } = process;
const code = await runCommandLine(process.argv.slice(2), { stdout, stderr, env, signal: abort.signal });
// What a program opened and nobody closed must not keep this process. What was written goes out first.
stdout.write('', () => stderr.write('', () => process.exit(ended ?? code)));
