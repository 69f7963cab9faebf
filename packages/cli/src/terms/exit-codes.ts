import { isSluiceError } from '@sluice/core';

/** What a process says with its end. */
export const exitCodes = {
  ok: 0,
  /** A check or a run failed. */
  failed: 1,
  /** It was asked for in a wrong way, or for something that is not there. */
  usage: 2,
  /** Something has to be installed first. */
  environment: 3,
  /** A graph failed while it ran. */
  graph: 4,
  /** Something took longer than it may. */
  deadline: 124,
  /** Its terminal was closed. */
  hungUp: 129,
  /** Ctrl-C. */
  interrupted: 130,
  /** SIGTERM. */
  terminated: 143,
} as const;

/** One of the numbers of `exitCodes`. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Codes of errors that are no failed run. */
const special: Readonly<Record<string, ExitCode>> = {
  SLUICE_CLI_USAGE: exitCodes.usage,
  SLUICE_CLI_FILE: exitCodes.usage,
  SLUICE_CLI_FORMAT: exitCodes.usage,
  SLUICE_CLI_PROGRAM: exitCodes.usage,
  SLUICE_CLI_ENVIRONMENT: exitCodes.environment,
  SLUICE_NODE_FAILED: exitCodes.graph,
  SLUICE_DEADLINE: exitCodes.deadline,
};

/** How a command ends that threw. */
export function exitCodeOf(error: unknown): ExitCode {
  return (isSluiceError(error) ? special[error.code] : undefined) ?? exitCodes.failed;
}

/** How a command ends whose graph failed, whatever it was that failed there. */
export function exitCodeOfGraph(error: unknown): ExitCode {
  const code = exitCodeOf(error);
  return code === exitCodes.deadline ? code : exitCodes.graph;
}
