import { isSluiceError, outOfRange, SluiceError } from '@sluice/core';
import type { Context, Hono } from 'hono';
import { INSPECT_PROTOCOL, inspectLimits } from '../protocol/limits.ts';
import { recordLink } from '../scope/record-link.ts';
import { type Access, mustAllow } from './access.ts';
import { guardedApp, servePage } from './guarded-app.ts';
import type { Hub } from './hub.ts';
import type { PageFile } from './page-files.ts';

export interface InspectorAppOptions {
  readonly hub: Hub;
  readonly access: Access;
  readonly page: ReadonlyMap<string, PageFile>;
  /** Known once it listens. */
  readonly port: () => number;
}

/** The plain requests: the page for a browser, which needs no token to be loaded, and `/api`, which does. */
export function inspectorApp({ hub, access, page, port }: InspectorAppOptions): Hono {
  const app = guardedApp({ behind: '/api/*', token: access.token, mark: '#t=', port });
  app.get('/api/graph', (context) => {
    for (const observed of hub.graphs) observed.look();
    const graphs = hub.graphs.map(({ id, snapshot }) => ({ graph: id, ...snapshot }));
    return context.json({ protocol: INSPECT_PROTOCOL, pid: process.pid, graphs });
  });
  app.get('/api/problems', (context) => {
    for (const observed of hub.graphs) observed.look();
    const problems = hub.graphs.flatMap((observed) =>
      observed.problems.map((problem) => ({ graph: observed.graph.name, ...problem })),
    );
    return context.json({ protocol: INSPECT_PROTOCOL, problems });
  });
  app.get('/api/links/:id/wav', (context) => wav(context, hub, access));
  servePage(app, page);
  app.onError((error, context) => context.json(plain(error), statusOf(error)));
  return app;
}

async function wav({ req, body }: Context, hub: Hub, access: Access): Promise<Response> {
  mustAllow(access, 'media');
  const seconds = Number(req.query('s') ?? 5);
  if (!(seconds > 0 && seconds <= inspectLimits.wavSeconds))
    throw outOfRange('s', `more than 0 and at most ${inspectLimits.wavSeconds} seconds`, req.query('s'));
  const link = req.param('id')!;
  const graph = req.query('graph');
  const observed =
    graph === undefined
      ? (hub.graphs.find(({ snapshot }) => snapshot.links.some(({ id }) => id === link)) ?? hub.graphs[0])
      : hub.graphs.find((one) => one.graph.name === graph);
  const bytes = observed && (await recordLink(observed.graph, link, seconds, req.raw.signal));
  if (bytes === undefined)
    throw new SluiceError('SLUICE_INSPECTOR_UNKNOWN', `no sound came on ${link}`, {
      expected: 'a link that sound passes now',
      fix: 'See /api/graph for the links and their formats',
    });
  return body(bytes, 200, { 'content-type': 'audio/wav' });
}

function plain(error: Error & { readonly code?: unknown }): { readonly code: string; readonly message: string } {
  return { code: typeof error.code === 'string' ? error.code : 'SLUICE_INSPECTOR_REQUEST', message: error.message };
}

function statusOf(error: Error): 400 | 403 | 404 {
  if (!isSluiceError(error)) return 400;
  return error.code === 'SLUICE_INSPECTOR_DENIED' ? 403 : 404;
}
