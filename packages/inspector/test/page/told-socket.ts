import type { Page, WebSocketRoute } from 'playwright-core';
import type { GraphSample, InspectMessage, Topology } from '../../src/index.ts';
import { linkColumns, nodeColumns } from '../../src/index.ts';

/** Opens the inspector's page on a socket whose words the test says, once the page has shown its token. */
export async function openTold(page: Page, url: string): Promise<(message: InspectMessage) => void> {
  let told: WebSocketRoute | undefined;
  const opened = new Promise<void>((resolve) => {
    void page.routeWebSocket(/\/socket$/, (socket) => {
      told = socket;
      socket.onMessage(() => resolve());
    });
  });
  await page.goto(url);
  await opened;
  const tell = (message: InspectMessage) => told!.send(JSON.stringify(message));
  const allowed = { media: false, control: false, production: false };
  const versions = { node: 'v20.19.0', inspector: '0.0.0' };
  tell({ type: 'hello', protocol: 'sluice-inspect/1', pid: 1, program: 'bot.js', versions, ...allowed });
  return tell;
}

/** A line of nodes with these names. */
export function lineOf(names: readonly string[], revision = 1): Topology {
  const nodes = names.map((id, at) => ({
    ...{ id, description: `${id} [operator]`, groups: [], thread: 'main' as const, live: true },
    kind: at === 0 ? ('source' as const) : at === names.length - 1 ? ('sink' as const) : ('operator' as const),
  }));
  const links = names.slice(1).map((to, at) => ({
    ...{ id: `${names[at]}->${to}`, from: names[at]!, to, port: 'in', policy: 'drop-oldest' },
    ...{ capacity: { frames: 10, ms: null }, format: 'audio s16 48000 Hz mono' },
  }));
  return { type: 'topology', revision, graphs: [{ graph: 1, name: 'line', nodes, links }] };
}

/** A look at such a line, all of whose columns are what `of` says. */
export function lookOf(topology: Topology, of: (at: number) => number, more: Partial<GraphSample> = {}): GraphSample {
  const { nodes, links } = topology.graphs[0]!;
  return {
    ...{ graph: 1, status: 'running', epoch: 0, uptimeMs: 1_000, problems: [], faults: [] },
    states: nodes.map(() => 'running'),
    nodes: columnsOf(
      nodeColumns,
      nodes.map((_, at) => of(at)),
    ),
    links: columnsOf(
      linkColumns,
      links.map((_, at) => of(at)),
    ),
    ...more,
  };
}

/** The same numbers in each column. */
function columnsOf<Name extends string>(names: readonly Name[], numbers: readonly number[]) {
  return Object.fromEntries(names.map((name) => [name, numbers])) as Record<Name, readonly number[]>;
}
