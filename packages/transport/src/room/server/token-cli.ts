#!/usr/bin/env node
import { failWith } from './cli/read-option.ts';
import { tokenArguments, tokenUsage as usage } from './cli/token-arguments.ts';
import { createMeetingToken } from './tokens/create-meeting-token.ts';

try {
  const options = tokenArguments({ args: process.argv.slice(2), env: process.env });
  process.stdout.write(options === undefined ? usage : `${await createMeetingToken(options)}\n`);
} catch (error) {
  failWith(usage, error);
}
