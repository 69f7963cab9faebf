// The page begins here: what its address says, and the call that is held there.
import { render } from 'preact';
import { NoRoom } from './no-room.tsx';
import { readRoomAddress } from './room-address.ts';
import './styles/all.css';
import { Told } from './told.tsx';
import { closedDoor } from './words/closed-door.ts';

const { room, tokenInQuery } = readRoomAddress(location, history);
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
else render(<Told {...closedDoor('no-webrtc')} icon="door" problem />, page);
