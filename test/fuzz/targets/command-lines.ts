import { strict as assert } from 'node:assert';
import { claimsOf, token } from '../../../packages/cli/src/commands/token.ts';
import { readArguments } from '../../../packages/cli/src/terms/read-arguments.ts';
import { replayCommand } from '../../../packages/core/src/session/replay/replay-command.ts';
import { command } from '../../../packages/create-sluice/src/command.ts';
import { CreateError } from '../../../packages/create-sluice/src/create-error.ts';
import { checkPackageName } from '../../../packages/create-sluice/src/package-name.ts';
import { runScenarioProgram } from '../../../packages/scenario/src/program/run-scenario-program.ts';
import { serverArguments } from '../../../packages/transport/src/room/server/cli/server-arguments.ts';
import type { FuzzTarget } from '../fuzzer/fuzz-target.ts';
import { isOurs } from '../fuzzer/is-ours.ts';

const env = { SLUICE_SECRET: 'a-secret-of-thirty-two-bytes-or-more-for-tests' };
/** Names files, which this target is not to read. */
const FILES = /-file|-rooms|-tls/;

export const commandLinesTarget: FuzzTarget = {
  name: 'arguments',
  reads: 'command lines of room, token, replay, scenario and create-sluice',
  maxBytes: 512,
  seeds: () => [
    '--port\n0\n--host\n::1\n--room\nboard\n--private\n--audience\nhere\n--name\na.example\n--listed\n--insecure',
    '--room\nboard\n--owner\n--name\nAda\n--hours\n0.5\n--permissions\n{"canSend":["camera"]}\n--eject-at-exp',
    'call.sluice\n--program\nbot.ts\n--json',
    'a.scenario.ts\n--real\n--record-all\n--grep\nword\n--seed\n5\n--junit\nout.xml\n--json',
    'my-node\n--template\nplugin\n--name\n@scope/name',
    '-h',
  ],
  run: async (input) => {
    const args = Buffer.from(input).toString().split('\n');
    for (const name of args) check(() => checkPackageName(name));
    if (!FILES.test(args.join(' '))) {
      check(() => serverArguments({ args, env }).server());
      check(() => claimsOf(readArguments(token, args, env).values as Parameters<typeof claimsOf>[0]));
    }
    // With --help they read the arguments and do nothing else.
    const helped = ['--help', ...args];
    let said = '';
    const write = (text: string) => {
      said += text;
    };
    const statuses = [
      await replayCommand(helped, { out: write, err: write }),
      await runScenarioProgram({ args: helped, print: write }),
      await command(helped, { stdout: { write }, stderr: { write } }),
    ];
    assert.ok(statuses.every((status) => status === 0 || status === 2));
    assert.equal(said.split('usage:').length, 4);
  },
};

/** What is wrong is a sentence for people, which these programs throw as a `TypeError`. */
function check(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (error instanceof CreateError || isOurs(error) || isSentence(error)) return;
    throw error;
  }
}

const SENTENCES = /^(?:--|there is no|an API key|\d+ arguments belong)/;

function isSentence(error: unknown): boolean {
  if (!(error instanceof TypeError)) return false;
  return SENTENCES.test(error.message) || String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS');
}
