import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Runs a program to its end; what it printed is in the error too. */
export async function run(program: string, args: readonly string[], cwd: string, env = apart()): Promise<string> {
  const options = { cwd, env, maxBuffer: 64 * 1_024 * 1_024 };
  try {
    return (await execute(program, args, options)).stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${program} ${args.join(' ')}, in ${cwd}:\n${stdout}${stderr}`, { cause: error });
  }
}

/** npm without a network, and with a cache of its own: what is not given to it is not there. */
export function npm(args: readonly string[], cwd: string, cache: string): Promise<string> {
  return run('npm', args, cwd, {
    ...apart(),
    npm_config_cache: join(cache, 'npm'),
    npm_config_offline: 'true',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
  });
}

/** The environment without what an npm, a test runner or a loader around us has put into it. */
export function apart(): NodeJS.ProcessEnv {
  const foreign = /^(?:npm_|vitest|node_options|node_env|node_path|force_color$|test$)/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}
