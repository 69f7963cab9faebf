import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { CallScreen } from './call-screen.tsx';
import type { CallView } from './call-view.ts';
import { JoinForm } from './join-form.tsx';
import { Told } from './told.tsx';
import { useCall } from './use-call.ts';
import { closedDoor } from './words/closed-door.ts';

export interface AppProps {
  readonly call: CallView;
  readonly room: string;
}

/** One of three: the form to join, the call, or what is said when there is none. */
export function App({ call, room }: AppProps): JSX.Element {
  const { status, why, others } = useCall(call);
  const count = status === 'joined' ? others.length + 1 : 0;
  useEffect(() => {
    document.title = count === 0 ? room : `(${count}) ${room}`;
  }, [count, room]);
  if (status === 'joined') return <CallScreen call={call} room={room} />;
  if (status === 'left')
    return (
      <Told title="You left the call" advice="The others may go on without you." icon="door">
        <Again name="Join again" />
      </Told>
    );
  if (status === 'closed') {
    const { title, advice, again } = closedDoor(why ?? 'failed');
    return (
      <Told title={title} advice={advice} icon="door" problem>
        {again ? <Again name="Try again" /> : null}
      </Told>
    );
  }
  return <JoinForm call={call} room={room} />;
}

/** A reload: nothing of the old call is left over. */
function Again({ name }: { readonly name: string }): JSX.Element {
  return (
    <button type="button" class="button primary" onClick={() => location.reload()}>
      {name}
    </button>
  );
}
