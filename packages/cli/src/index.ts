// The command line, for other programs

export { type CliErrorCode, cliErrorCodes } from './errors.ts';
export { runCommandLine, type Terminal } from './run-command-line.ts';
