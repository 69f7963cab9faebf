import { toError } from '@sluice/core';

/** How much is logged, from nothing to everything. */
export const logLevels = ['off', 'error', 'warn', 'info', 'debug', 'trace'] as const;
/** From least to most. */
export type LogLevel = (typeof logLevels)[number];

type LogMethod = (details: object, message: string) => void;

/** What is used of pino's interface. */
export type Logger = { readonly [Level in Exclude<LogLevel, 'off'>]: LogMethod };

export function isLogLevel(level: unknown): level is LogLevel {
  return (logLevels as readonly unknown[]).includes(level);
}

/** Lets through what the level allows, to whatever logger is set at that time. */
export class LogGate {
  level: LogLevel = 'off';
  target: Logger | undefined;

  log(level: Exclude<LogLevel, 'off'>, message: string, details: object = {}): void {
    if (this.target === undefined || logLevels.indexOf(level) > logLevels.indexOf(this.level)) return;
    try {
      this.target[level](details, message);
    } catch (error) {
      // Whoever logs is in the midst of something, the death of an engine for example.
      process.emitWarning(toError(error));
    }
  }
}
