import { parseArgs } from 'node:util';

const usage = `Opens a room for people with a browser, with an echo bot and a music bot inside.

usage: npm run room -- --open [options]

  --port <number>        where it listens, 0 for any free port (7880)
  --room <name>          the room (hello)
  --lan                  for the whole network, without TLS, and with a QR code
  --recordings <folder>  where what is recorded in the room goes (recordings)
  -h, --help             tells this

A room with tokens, TLS, REST and figures is \`npm run room\` without --open, which has bots of your own.
`;

export interface OpenRoomOptions {
  readonly port: string;
  readonly room: string;
  readonly lan: boolean;
  readonly recordings: string;
}

/** The command line. Ends the program for who asks how it is used, or asks for what there is not. */
export function readOptions(args: readonly string[]): OpenRoomOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '7880' },
        room: { type: 'string', default: 'hello' },
        lan: { type: 'boolean', default: false },
        recordings: { type: 'string', default: 'recordings' },
        // What `npm run room` and `npm run demo` are told, so that they come here.
        open: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (!/^\d{1,5}$/.test(values.port)) throw new TypeError(`--port is a number, not ${values.port}`);
    if (!values.help) return values;
    process.stdout.write(usage);
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage}`);
    process.exit(2);
  }
}
