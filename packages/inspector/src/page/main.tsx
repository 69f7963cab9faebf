// The page begins here: the token in its address, the socket, and what is seen.
import { render } from 'preact';
import { InspectSocket } from './link/inspect-socket.ts';
import { readToken } from './link/read-token.ts';
import { Store } from './link/store.ts';
import { Root } from './ui/root.tsx';
import './ui/styles/all.css';

const token = readToken(location.hash);
// Another address of the same server, opened here: it may have another token.
addEventListener('hashchange', () => location.reload());

const store = new Store();
const socket = new InspectSocket(store, `ws://${location.host}/socket`, token ?? '');
socket.pausePage(document.hidden);
if (token === undefined) store.setStatus('denied');
else socket.open();
// Nobody sees it: no numbers are asked for.
document.addEventListener('visibilitychange', () => socket.pausePage(document.hidden));
render(<Root store={store} socket={socket} />, document.getElementById('page')!);
