import { replayCommand } from './replay-command.ts';

const code = await replayCommand(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
// A program may have opened what nobody closes. What was written goes out first.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
