import { startRoomServer } from '@sluice/transport';

/** The policy under which a room server serves the page. */
export async function pagePolicy(): Promise<string> {
  const server = await startRoomServer();
  const answer = await fetch(server.roomUrl('policy'), { headers: { accept: 'text/html' } });
  await server.close();
  return answer.headers.get('content-security-policy')!;
}
