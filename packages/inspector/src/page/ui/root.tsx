import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { InspectSocket } from '../link/inspect-socket.ts';
import type { Store } from '../link/store.ts';
import { Recording } from '../record/recording.ts';
import { replayed } from '../record/replayed.ts';
import { SessionButtons } from '../record/session-buttons.tsx';
import { App } from './app.tsx';
import { useStore } from './view.ts';

export interface RootProps {
  readonly store: Store;
  /** Undefined where the page shows a session, and there is no process. */
  readonly socket: InspectSocket | undefined;
  /** That session. */
  readonly session?: Promise<File>;
}

/** The process, or a file that was opened instead of it: by its button, or by dropping it anywhere. */
export function Root({ store, socket, session }: RootProps) {
  const [status, hello] = useStore(store, ({ status, hello }) => [status, hello]);
  const [opened, setOpened] = useState<Store>();
  const [fault, setFault] = useState<string>();
  const { recording, record } = useRecording(store, socket);
  const openFile = useCallback((file: File) => {
    setFault(undefined);
    replayed(file).then(setOpened, (error: Error) => setFault(`${file.name}: ${error.message}`));
  }, []);
  useDrop(openFile);
  useEffect(() => void session?.then(openFile, (error: Error) => setFault(error.message)), [session, openFile]);
  const isLive = opened === undefined && hello !== undefined && status !== 'denied';
  return (
    <>
      {fault === undefined ? null : (
        <p class="lost" role="alert">
          {fault}{' '}
          <button type="button" class="plain" onClick={() => setFault(undefined)}>
            Dismiss
          </button>
        </p>
      )}
      <App
        key={opened === undefined ? 'live' : 'file'}
        store={opened ?? store}
        socket={opened === undefined ? socket : undefined}
        session={
          <SessionButtons
            recording={isLive ? recording : undefined}
            record={record}
            openFile={openFile}
            close={opened === undefined || socket === undefined ? undefined : () => setOpened(undefined)}
          />
        }
      />
    </>
  );
}

/** Records what comes on the socket; a recording that has become too long is saved by itself. */
function useRecording(
  store: Store,
  socket: InspectSocket | undefined,
): { readonly recording: boolean; record(): void } {
  const running = useRef<Recording | undefined>(undefined);
  const [recording, setRecording] = useState(false);
  const stop = () => {
    if (socket !== undefined) socket.listener = undefined;
    running.current?.save();
    running.current = undefined;
    setRecording(false);
  };
  const begin = () => {
    if (socket === undefined) return;
    const fresh = new Recording(store);
    running.current = fresh;
    socket.listener = (message) => {
      fresh.take(message);
      if (fresh.full) stop();
    };
    setRecording(true);
  };
  return { recording, record: recording ? stop : begin };
}

function useDrop(openFile: (file: File) => void): void {
  // The page has one root, and a handler takes the place of the one before it.
  useEffect(() => {
    window.ondragover = (event) => event.preventDefault();
    window.ondrop = (event) => {
      event.preventDefault();
      const file = event.dataTransfer?.files[0];
      if (file !== undefined) openFile(file);
    };
  }, [openFile]);
}
