// The page begins here: the token in its address, the socket or the session behind it, and what is seen.
import { render } from 'preact';
import { InspectSocket } from './link/inspect-socket.ts';
import { readSessionToken, readToken } from './link/read-token.ts';
import { Store } from './link/store.ts';
import { fetchSession } from './record/fetch-session.ts';
import { Root } from './ui/root.tsx';
import './ui/styles/all.css';

// Another address of the same server, opened here: it may have another token.
addEventListener('hashchange', () => location.reload());

const store = new Store();
const place = document.getElementById('page')!;
const ofSession = readSessionToken(location.hash);
if (ofSession === undefined) render(<Root store={store} socket={opened(readToken(location.hash))} />, place);
else render(<Root store={store} socket={undefined} session={fetchSession(ofSession)} />, place);

function opened(token: string | undefined): InspectSocket {
  const socket = new InspectSocket(store, `ws://${location.host}/socket`, token ?? '');
  socket.pausePage(document.hidden);
  if (token === undefined) store.setStatus('denied');
  else socket.open();
  // Nobody sees it: no numbers are asked for.
  document.addEventListener('visibilitychange', () => socket.pausePage(document.hidden));
  return socket;
}
