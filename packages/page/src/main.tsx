// The page begins here: what its address says, and the call that is held there.
import { render } from 'preact';
import { PageCall } from './call/page-call.ts';
import { App } from './ui/app.tsx';
import { NoRoom } from './ui/no-room.tsx';
import { readRoomAddress } from './ui/room-address.ts';
import { readRoomWishes } from './ui/room-wishes.ts';
import { readTokenWishes } from './ui/token-wishes.ts';
import './ui/styles/all.css';
import { Told } from './ui/told.tsx';

const { url, room, token, tokenInQuery } = readRoomAddress(location, history);
// Another link to the same room, opened here: it may have another token.
addEventListener('hashchange', () => location.reload());
document.title = room ?? 'sluice';
const page = document.getElementById('page')!;

if (room === undefined) render(<NoRoom asked={location.pathname !== '/'} />, page);
else if (tokenInQuery)
  render(
    <Told
      title="The token stands in the wrong place"
      advice="Behind ?t= servers write it down. Ask for a link that has it behind #token= instead."
      icon="door"
      problem
    />,
    page,
  );
else {
  const wishes = token === undefined ? await readRoomWishes(url) : readTokenWishes(token);
  render(<App call={new PageCall({ url, token })} room={room} wishes={wishes} />, page);
}
