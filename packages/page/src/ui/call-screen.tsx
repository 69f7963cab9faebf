import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Announcer } from './announcer.tsx';
import type { CallState, CallView } from './call-view.ts';
import { Captions } from './captions.tsx';
import { ChatPanel } from './chat-panel.tsx';
import { DeviceMenu } from './device-menu.tsx';
import { Icon } from './icons.tsx';
import { NetworkBars } from './network-bars.tsx';
import { Owner } from './owner.tsx';
import { Panel } from './panel.tsx';
import { People, type Person } from './people-panel.tsx';
import { Stage } from './stage.tsx';
import { stageTiles } from './stage-tiles.ts';
import { Tools } from './tools.tsx';
import { useCall } from './use-call.ts';
import { useNews } from './use-news.ts';
import { deviceWords } from './words/device-words.ts';

export interface CallScreenProps {
  readonly call: CallView;
  readonly room: string;
}

type OpenPanel = 'people' | 'chat' | 'devices' | undefined;

/** The call: everybody in tiles, and what can be done. */
export function CallScreen({ call, room }: CallScreenProps): JSX.Element {
  const state = useCall(call);
  const [panel, setPanel] = useState<OpenPanel>();
  const [captions, setCaptions] = useState(true);
  const news = useNews(state, panel === 'chat');
  const unseen = useUnseen(state, panel === 'chat');
  const opener = useRef<Element | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), []);

  const open = (wanted: OpenPanel) => {
    if (wanted !== undefined && wanted !== panel) opener.current = document.activeElement;
    // Who closes a panel goes on where they opened it.
    else if (opener.current instanceof HTMLElement) opener.current.focus();
    setPanel(wanted === panel ? undefined : wanted);
  };
  const { microphone, camera, screen, others, may } = state;
  const interrupted = state.signalling === 'interrupted' ? 'The server is not heard. Reconnecting…' : '';
  return (
    <div class="call">
      <header class="bar">
        <h1 ref={heading} tabIndex={-1}>
          {room}
        </h1>
        <span class="count">{others.length === 0 ? 'Only you' : `${others.length + 1} people`}</span>
        {state.recording && <span class="badge recording">Recording</span>}
        {state.transcribing && <span class="badge">Transcription</span>}
        <NetworkBars quality={state.network} />
        {state.devices.microphone !== undefined && (
          <button
            type="button"
            class={`button small ${panel === 'devices' ? 'on' : ''}`}
            aria-label="Devices"
            aria-pressed={panel === 'devices'}
            onClick={() => open('devices')}
          >
            <Icon name="devices" />
          </button>
        )}
      </header>
      <main class="main">
        <Banners call={call} state={state} interrupted={interrupted} />
        <Stage tiles={stageTiles(call, state)} />
        {captions && <Captions lines={state.captions.map((line) => ({ key: line.participantId, ...line }))} />}
      </main>
      <aside class="panels" aria-label="People, chat and devices">
        <People
          people={peopleOf(state)}
          waiting={state.waiting}
          open={panel === 'people'}
          mayControl={may.control}
          onMute={(id) => call.muteRemote(id)}
          onRemove={(id) => call.remove(id)}
          onAdmit={(id, admit) => call.admit(id, admit)}
          onClose={() => open(undefined)}
        >
          {(may.record || may.transcribe) && <Owner call={call} state={state} />}
        </People>
        {panel === 'chat' && (
          <ChatPanel
            lines={state.chat.map((line, key) => ({ ...line, key, own: line.from === state.me.id }))}
            onSend={(text) => call.sendChat(text)}
            onClose={() => open(undefined)}
          />
        )}
        {panel === 'devices' && (
          <Panel title="Devices" onClose={() => open(undefined)}>
            <DeviceMenu call={call} />
          </Panel>
        )}
      </aside>
      <Tools
        microphone={microphone.on}
        camera={camera.on}
        screen={canShareScreen() ? screen.on : undefined}
        panel={panel}
        chat={may.chat}
        unseen={unseen}
        captions={state.captions.length > 0 || state.transcribing ? captions : undefined}
        onMicrophone={() => void call.setInput('microphone', !microphone.on)}
        onCamera={() => void call.setInput('camera', !camera.on)}
        onScreen={() => void call.setInput('screen', !screen.on)}
        onPanel={open}
        onCaptions={() => setCaptions(!captions)}
        onLeave={() => call.leave()}
      />
      <Announcer news={news} problem={interrupted} />
    </div>
  );
}

interface BannersProps {
  readonly call: CallView;
  readonly state: CallState;
  readonly interrupted: string;
}

function Banners({ call, state, interrupted }: BannersProps): JSX.Element {
  const faults = (['microphone', 'camera', 'screen'] as const).flatMap((kind) => {
    const { fault, on } = state[kind];
    return fault === undefined || on ? [] : [deviceWords(kind, fault)];
  });
  return (
    <>
      {interrupted !== '' && <div class="banner">{interrupted}</div>}
      {state.soundBlocked && (
        <div class="banner">
          The browser plays no sound yet.
          <button type="button" class="button small primary" onClick={() => call.playSound()}>
            Play sound
          </button>
        </div>
      )}
      {[...new Set(faults)].map((words) => (
        <div key={words} class="banner quiet" role="status">
          {words}
        </div>
      ))}
    </>
  );
}

/** How many messages came since the chat was last open. */
function useUnseen({ chat, me }: CallState, isOpen: boolean): number {
  const [seen, setSeen] = useState(chat.length);
  useEffect(() => {
    if (isOpen) setSeen(chat.length);
  }, [isOpen, chat.length]);
  return isOpen ? 0 : chat.slice(seen).filter(({ from }) => from !== me.id).length;
}

function peopleOf({ me, microphone, camera, others }: CallState): Person[] {
  const own = { ...me, isLocal: true, microphone: microphone.on, camera: camera.on };
  return [
    own,
    ...others.map(({ tracks, ...other }) => {
      const isOn = (name: string) => {
        const track = tracks.find((one) => one.name === name);
        return track && track.state !== 'off';
      };
      return { ...other, isLocal: false, microphone: isOn('microphone'), camera: isOn('camera') };
    }),
  ];
}

function canShareScreen(): boolean {
  return typeof navigator.mediaDevices?.getDisplayMedia === 'function';
}
