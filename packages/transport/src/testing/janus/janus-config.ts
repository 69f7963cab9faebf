import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What is Debian's, and switched off: each is a door that rooms do not need. */
const PLUGINS = 'audiobridge duktape echotest lua nosip recordplay sip streaming textroom videocall voicemail';
const TRANSPORTS = 'http mqtt nanomsg pfunix rabbitmq';

/** How a Janus server is set up. */
export interface JanusConfig {
  readonly port: number;
  /** Folder of the installed package that has `plugins` and `transports`. */
  readonly library: string;
  /** Names for rooms and participants; without them they are numbers. */
  readonly stringIds: boolean;
  /** Without it the server is of no use: for tests of that. */
  readonly videoRoom: boolean;
  readonly apiSecret?: string | undefined;
  /** Requests show a token that was signed with it (`token_auth`). */
  readonly tokenSecret?: string | undefined;
  /** Paths of its certificate and key, in PEM: its WebSocket speaks TLS, and nothing else. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** How long a session lives without a sign of life, and without a socket, in seconds. */
  readonly sessionTimeoutS: number;
  readonly reclaimTimeoutS: number;
}

/** Writes the configuration of a server on loopback into a folder of its own: VideoRoom, WebSocket, nothing else. */
export async function writeJanusConfig(folder: string, config: JanusConfig): Promise<void> {
  const { library, apiSecret, tokenSecret } = config;
  const plugins = config.videoRoom ? PLUGINS : `${PLUGINS} videoroom`;
  const files = {
    'janus.jcfg': section({
      general: {
        configs_folder: folder,
        plugins_folder: join(library, 'plugins'),
        transports_folder: join(library, 'transports'),
        events_folder: join(folder, 'none'),
        loggers_folder: join(folder, 'none'),
        interface: '127.0.0.1',
        debug_level: 3,
        session_timeout: config.sessionTimeoutS,
        reclaim_session_timeout: config.reclaimTimeoutS,
        ...(apiSecret !== undefined && { api_secret: apiSecret }),
        ...(tokenSecret !== undefined && { token_auth: true, token_auth_secret: tokenSecret }),
      },
      // Gathers on loopback, and does not keep media there: clients do, who take no other candidates.
      nat: { ice_enforce_list: 'lo', ignore_mdns: true },
      plugins: { disable: libraries(plugins) },
      transports: { disable: libraries(TRANSPORTS) },
    }),
    'janus.transport.websockets.jcfg': section(webSockets(config)),
    'janus.plugin.videoroom.jcfg': section({ general: { string_ids: config.stringIds } }),
  };
  await mkdir(join(folder, 'none'), { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
}

function webSockets({ port, tls }: JanusConfig) {
  const json = { json: 'compact' };
  if (tls === undefined) return { general: { ...json, ws: true, ws_ip: '127.0.0.1', ws_port: port, wss: false } };
  return {
    general: { ...json, ws: false, wss: true, wss_ip: '127.0.0.1', wss_port: port },
    certificates: { cert_pem: tls.cert, cert_key: tls.key },
  };
}

function section(sections: Record<string, Record<string, string | number | boolean>>): string {
  return Object.entries(sections)
    .map(([name, values]) => {
      const lines = Object.entries(values).map(([key, value]) => `  ${key} = ${JSON.stringify(value)}\n`);
      return `${name}: {\n${lines.join('')}}\n`;
    })
    .join('');
}

function libraries(names: string): string {
  return names
    .split(' ')
    .map((name) => `libjanus_${name}.so`)
    .join(',');
}
