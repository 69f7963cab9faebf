import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { build } from 'vite';

const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

/** Serves the gallery: the page's own elements in every state. */
export interface Gallery {
  /** Of a scene. */
  url(scene: string): string;
  close(): Promise<void>;
}

/** Builds it and serves it under `policy`. */
export async function openGallery(policy: string): Promise<Gallery> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-gallery-'));
  const package_ = join(import.meta.dirname, '..');
  await build({
    configFile: join(package_, 'vite.config.ts'),
    root: join(package_, 'test/gallery'),
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true },
  });
  const server = createServer(async (request, response) => {
    const name = request.url === '/' ? 'index.html' : request.url!.slice(1);
    const file = await readFile(join(folder, name)).catch(() => undefined);
    if (file === undefined) return response.writeHead(404).end();
    response.setHeader('content-type', types[extname(name)] ?? 'application/octet-stream');
    response.setHeader('content-security-policy', policy);
    response.end(file);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: (scene) => `http://127.0.0.1:${port}/#${scene}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true });
    },
  };
}
