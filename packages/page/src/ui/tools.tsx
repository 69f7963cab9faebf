import type { JSX } from 'preact';
import { Icon, type IconName } from './icons.tsx';

export interface ToolsProps {
  /** Undefined: the device, or the permission for it, is missing. */
  readonly microphone: boolean | undefined;
  readonly camera: boolean | undefined;
  readonly screen: boolean | undefined;
  readonly panel: 'people' | 'chat' | 'devices' | undefined;
  readonly chat: boolean;
  /** Messages that were not seen. */
  readonly unseen: number;
  /** Captions are shown; undefined: there were none. */
  readonly captions: boolean | undefined;
  readonly onMicrophone: () => void;
  readonly onCamera: () => void;
  readonly onScreen: () => void;
  readonly onPanel: (panel: 'people' | 'chat') => void;
  readonly onCaptions: () => void;
  readonly onLeave: () => void;
}

/** What is pressed in a call. */
export function Tools(props: ToolsProps): JSX.Element {
  const { microphone, camera, screen, panel, captions } = props;
  const unseen = props.unseen === 0 ? '' : `, ${props.unseen} new`;
  return (
    <footer class="tools">
      <Tool
        name={microphone ? 'Mute' : 'Unmute'}
        icon={microphone ? 'microphone' : 'microphone-off'}
        off={!microphone}
        onClick={props.onMicrophone}
      />
      <Tool
        name={camera ? 'Stop camera' : 'Start camera'}
        icon={camera ? 'camera' : 'camera-off'}
        off={!camera}
        onClick={props.onCamera}
      />
      {screen !== undefined && (
        <Tool name={screen ? 'Stop sharing' : 'Share screen'} icon="screen" on={screen} onClick={props.onScreen} />
      )}
      {captions !== undefined && (
        <Tool name="Captions" icon="captions" pressed={captions} on={captions} onClick={props.onCaptions} />
      )}
      <Tool
        name="People"
        icon="people"
        pressed={panel === 'people'}
        on={panel === 'people'}
        onClick={() => props.onPanel('people')}
      />
      {props.chat && (
        <Tool
          name="Chat"
          label={`Chat${unseen}`}
          icon="chat"
          pressed={panel === 'chat'}
          on={panel === 'chat'}
          fresh={props.unseen}
          onClick={() => props.onPanel('chat')}
        />
      )}
      <button type="button" class="button danger apart" onClick={props.onLeave}>
        <Icon name="leave" />
        Leave
      </button>
    </footer>
  );
}

interface ToolProps {
  readonly name: string;
  readonly label?: string;
  readonly icon: IconName;
  readonly on?: boolean;
  readonly off?: boolean;
  readonly pressed?: boolean;
  readonly fresh?: number;
  readonly onClick: () => void;
}

function Tool({ name, label, icon, on, off, pressed, fresh = 0, onClick }: ToolProps): JSX.Element {
  return (
    <button
      type="button"
      class={`button ${on ? 'on' : ''} ${off ? 'off' : ''}`}
      aria-label={label ?? name}
      aria-pressed={pressed}
      onClick={onClick}
    >
      <Icon name={icon} />
      {name}
      {fresh > 0 && (
        <span class="fresh" aria-hidden="true">
          {Math.min(fresh, 99)}
        </span>
      )}
    </button>
  );
}
