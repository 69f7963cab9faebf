import { SluiceError } from '@sluice/core';

/** Codes of errors that are raised by the command line. Each has a row in docs/errors.md and a test that raises it. */
export const cliErrorCodes = ['SLUICE_CLI_USAGE'] as const;
/** One of `cliErrorCodes`. */
export type CliErrorCode = (typeof cliErrorCodes)[number];

/** A command was asked for in a wrong way, or for something that is not there. `see` is a command that says more. */
export function wrongUsage(what: string, see?: string): SluiceError<CliErrorCode> {
  return new SluiceError('SLUICE_CLI_USAGE', what, see === undefined ? {} : { fix: `See ${see}` });
}
