import { wrongUsage } from '../errors.ts';

/** A port that a command is to listen on; 0 is any that is free. */
export function portOf(command: string, text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw wrongUsage(`--port takes a number from 0 to 65535, not ${text}`, `sluice ${command} --help`);
}
