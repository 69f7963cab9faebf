import type { RoomServerOptions } from '../room-server.ts';

/** What a room program takes and gives beside what every room server does: a recorder, a transcriber, rules of its own. */
export interface RoomProgramAdditions {
  /** Lines of the usage, each with its end. */
  readonly usage: string;
  /** Names of options, without `--`; each takes a text. */
  readonly options: readonly string[];
  /**
   * Makes the server's options from what the other arguments say and from the values of its own. A TypeError or
   * RangeError is told with the usage.
   */
  readonly complete: (
    server: RoomServerOptions,
    values: Readonly<Record<string, string | undefined>>,
  ) => RoomServerOptions | Promise<RoomServerOptions>;
}

export const noAdditions: RoomProgramAdditions = { usage: '', options: [], complete: (server) => server };
