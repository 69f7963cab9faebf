import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { CallScreen } from './call-screen.tsx';
import type { CallView } from './call-view.ts';
import { JoinForm } from './join-form.tsx';
import type { TokenWishes } from './token-wishes.ts';
import { Told } from './told.tsx';
import { useCall } from './use-call.ts';
import { closedDoor } from './words/closed-door.ts';

export interface AppProps {
  readonly call: CallView;
  readonly room: string;
  readonly wishes?: TokenWishes;
}

const none: TokenWishes = {};

/** One of three: the form to join, the call, or what is said when there is none. */
export function App({ call, room, wishes = none }: AppProps): JSX.Element {
  const { status, why, others } = useCall(call);
  const [dismissed, setDismissed] = useState(false);
  const count = status === 'joined' ? others.length + 1 : 0;
  useEffect(() => {
    document.title = count === 0 ? room : `(${count}) ${room}`;
  }, [count, room]);
  useEffect(() => setDismissed(false), [status]);
  if (status === 'joined') return <CallScreen call={call} room={room} />;
  const isOver = status === 'left' || status === 'closed';
  if (!isOver || dismissed) return <JoinForm call={call} room={room} wishes={wishes} />;
  const again = () => {
    // A reload leaves out the token, which is not in the address any more.
    if (why === 'token-unexpected') location.reload();
    else setDismissed(true);
  };
  return (
    <Over {...(status === 'left' ? left : closedDoor(why ?? 'failed'))} problem={status === 'closed'} onAgain={again} />
  );
}

const left = { title: 'You left the call', advice: 'The others may go on without you.', again: true };

interface OverProps {
  readonly title: string;
  readonly advice: string;
  readonly again: boolean;
  readonly problem: boolean;
  readonly onAgain: () => void;
}

function Over({ title, advice, again, problem, onAgain }: OverProps): JSX.Element {
  return (
    <Told title={title} advice={advice} icon="door" problem={problem}>
      {again && (
        <button type="button" class="button primary" onClick={onAgain}>
          {problem ? 'Try again' : 'Join again'}
        </button>
      )}
    </Told>
  );
}
