import { SluiceError, toError } from '@sluice/core';

/** Codes of errors that are raised by the command line. Each has a row in docs/errors.md and a test that raises it. */
export const cliErrorCodes = [
  'SLUICE_CLI_USAGE',
  'SLUICE_CLI_FILE',
  'SLUICE_CLI_FORMAT',
  'SLUICE_CLI_PROGRAM',
  'SLUICE_CLI_ENVIRONMENT',
] as const;
/** One of `cliErrorCodes`. */
export type CliErrorCode = (typeof cliErrorCodes)[number];

/** A command was asked for in a wrong way, or for something that is not there. `see` is a command that says more. */
export function wrongUsage(what: string, see?: string): SluiceError<CliErrorCode> {
  return new SluiceError('SLUICE_CLI_USAGE', what, see === undefined ? {} : { fix: `See ${see}` });
}

/** There is no such file, or something else is there, or it is not to be read. `why` is that, or what the system threw. */
export function noFile(path: string, why?: unknown): SluiceError<CliErrorCode> {
  const fix = 'Give the path of a file, from the folder that you are in';
  const kind = why === 'folder' ? ': it is a folder' : '';
  const cause = why instanceof Error ? { cause: why } : {};
  return new SluiceError('SLUICE_CLI_FILE', `${path} is no file that can be read${kind}`, { fix, ...cause });
}

/** A file that was to be written, and could not be. */
export function notWritten(path: string, cause: unknown): SluiceError<CliErrorCode> {
  const { code = toError(cause).message } = cause as NodeJS.ErrnoException;
  const fix = 'Give a path in a folder that is there, that you may write into and that has room';
  return new SluiceError('SLUICE_CLI_FILE', `${path} cannot be written (${code})`, { fix, cause });
}

/** A URL whose protocol is not read here. */
export function unreadUrl(url: string): SluiceError<CliErrorCode> {
  return new SluiceError('SLUICE_CLI_FORMAT', `${url} has a protocol that is not read`, {
    expected: 'a file, or a URL of http:, https: or file:',
    fix: `Save a part of it first: ffmpeg -i ${url} -t 60 part.wav`,
  });
}

/** A file with nothing to hear in it. */
export function noSound(file: string, container: string): SluiceError<CliErrorCode> {
  return new SluiceError('SLUICE_CLI_FORMAT', `${file} has no sound`, {
    expected: 'a file with a stream of sound',
    received: container,
    fix: `Look with ffprobe ${file}`,
  });
}

/** A module that gives no graph, no checks, or throws. */
export function badProgram(what: string, expected: string, cause?: unknown): SluiceError<CliErrorCode> {
  const why = cause === undefined ? what : `${what}: ${toError(cause).message}`;
  return new SluiceError('SLUICE_CLI_PROGRAM', why, { expected, ...(cause === undefined ? {} : { cause }) });
}

/** Something has to be installed first; `command` does it. */
export function notInstalled(what: string, command: string, cause?: unknown): SluiceError<CliErrorCode> {
  return new SluiceError('SLUICE_CLI_ENVIRONMENT', what, { fix: command, cause });
}
