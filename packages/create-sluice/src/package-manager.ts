import { spawn } from 'node:child_process';
import { CreateError } from './create-error.ts';

/** Programs that install packages. */
export const packageManagers = ['npm', 'pnpm', 'yarn', 'bun'] as const;
/** One of them. */
export type PackageManager = (typeof packageManagers)[number];

/**
 * The one that is asked for, or else the one that this was started through: `pnpm create sluice` says so in the environment.
 *
 * @throws CreateError CREATE_MANAGER
 */
export function choosePackageManager(
  asked: string | undefined,
  { npm_config_user_agent: agent = '' }: Readonly<Record<string, string | undefined>>,
): PackageManager {
  if (asked === undefined) return packageManagers.find((one) => agent.startsWith(`${one}/`)) ?? 'npm';
  const found = packageManagers.find((one) => one === asked);
  if (found !== undefined) return found;
  throw new CreateError(
    'CREATE_MANAGER',
    `there is no package manager ${asked}; expected one of: ${packageManagers.join(', ')}`,
  );
}

/** The command that runs a script of a project; bun has a test runner of its own under `test`. */
export function scriptCommand(manager: PackageManager, script: string): string {
  const isShort = manager !== 'bun' && (script === 'test' || script === 'start');
  return isShort ? `${manager} ${script}` : `${manager} run ${script}`;
}

/**
 * Installs what a project needs, saying what the package manager says.
 *
 * @throws CreateError CREATE_INSTALL
 */
export async function installPackages(manager: PackageManager, directory: string): Promise<void> {
  const failure = await new Promise<string | undefined>((resolve) => {
    // On Windows package managers are scripts, which only a shell runs; nothing of a user is in this line.
    const isWindows = process.platform === 'win32';
    const child = isWindows
      ? spawn(`${manager} install`, { cwd: directory, stdio: 'inherit', shell: true })
      : spawn(manager, ['install'], { cwd: directory, stdio: 'inherit' });
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code === 0 ? undefined : (signal ?? `exit status ${code}`)));
  });
  if (failure === undefined) return;
  const message = `${manager} install failed in ${directory}: ${failure}; the project is written, so try it again there`;
  throw new CreateError('CREATE_INSTALL', message);
}
