import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { CallView, InputView } from './call-view.ts';
import { DeviceMenu } from './device-menu.tsx';
import { Icon } from './icons.tsx';
import { LevelMeter } from './level-meter.tsx';
import { Picture } from './picture.tsx';
import type { TokenWishes } from './token-wishes.ts';
import { useCall } from './use-call.ts';
import { deviceWords } from './words/device-words.ts';

/** Where the name is kept for the next time. */
const NAME_KEY = 'sluice-name';

export interface JoinFormProps {
  readonly call: CallView;
  readonly room: string;
  readonly wishes: TokenWishes;
}

/** A name, camera and microphone with a preview, and the way in. */
export function JoinForm({ call, room, wishes }: JoinFormProps): JSX.Element {
  const { status } = useCall(call);
  const [name, setName] = useState(() => wishes.name ?? recalled());
  const [missing, setMissing] = useState(false);
  useEffect(() => {
    call.preview(wishes);
  }, [call, wishes]);
  const busy = status === 'joining' || status === 'waiting';
  const join = (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setMissing(name.trim() === '');
    if (name.trim() === '') return document.getElementById('name')?.focus();
    remember(name.trim());
    call.join(name.trim());
  };
  return (
    <main class="threshold">
      <div class="card join">
        <Preview call={call} />
        <form onSubmit={join} noValidate>
          <div>
            <h1>{room}</h1>
            <p class="lead">{lead(status)}</p>
          </div>
          <div class="field">
            <label for="name">Your name</label>
            <input
              id="name"
              autocomplete="name"
              maxLength={80}
              required
              aria-invalid={missing}
              aria-describedby={missing ? 'name-missing' : undefined}
              value={name}
              onInput={({ currentTarget }) => setName(currentTarget.value)}
            />
            {missing && (
              <p id="name-missing" class="note problem" role="alert">
                Tell the others your name.
              </p>
            )}
          </div>
          <button type="submit" class="button primary" aria-disabled={busy}>
            Join
          </button>
          <p class="unseen" role="status">
            {busy ? lead(status) : ''}
          </p>
        </form>
      </div>
    </main>
  );
}

function Preview({ call }: { readonly call: CallView }): JSX.Element {
  const { camera, microphone, devices } = useCall(call);
  const [choosing, setChoosing] = useState(false);
  const shown = camera.on ? camera.track : undefined;
  return (
    <section class="preview" aria-label="Camera and microphone">
      <div class="screen">
        {shown === undefined ? (
          <span>{camera.on ? 'Camera starts' : 'Camera is off'}</span>
        ) : (
          <Picture track={shown} mirrored />
        )}
      </div>
      <LevelMeter of={call} />
      <div class="switches">
        <button
          type="button"
          class={`button ${microphone.on ? '' : 'off'}`}
          onClick={() => void call.setInput('microphone', !microphone.on)}
        >
          <Icon name={microphone.on ? 'microphone' : 'microphone-off'} />
          {microphone.on ? 'Mute' : 'Unmute'}
        </button>
        <button
          type="button"
          class={`button ${camera.on ? '' : 'off'}`}
          onClick={() => void call.setInput('camera', !camera.on)}
        >
          <Icon name={camera.on ? 'camera' : 'camera-off'} />
          {camera.on ? 'Stop camera' : 'Start camera'}
        </button>
      </div>
      {devices.microphone !== undefined && (
        <button type="button" class="button small" aria-expanded={choosing} onClick={() => setChoosing(!choosing)}>
          <Icon name="devices" />
          Devices
        </button>
      )}
      {choosing && <DeviceMenu call={call} />}
      <Faults microphone={microphone} camera={camera} />
    </section>
  );
}

/** Why there is no microphone or camera; once, if it is the same. */
function Faults({ microphone, camera }: { readonly microphone: InputView; readonly camera: InputView }): JSX.Element {
  const words = new Set<string>();
  if (microphone.fault !== undefined) words.add(deviceWords('microphone', microphone.fault));
  if (camera.fault !== undefined) words.add(deviceWords('camera', camera.fault));
  return (
    <div class="faults" role="status">
      {[...words].map((text) => (
        <p key={text} class="note">
          {text}
        </p>
      ))}
    </div>
  );
}

function lead(status: string): string {
  if (status === 'joining') return 'Joining…';
  if (status === 'waiting') return 'Somebody inside has to let you in. Please wait.';
  return 'See how you look and sound, then join.';
}

function recalled(): string {
  try {
    return localStorage.getItem(NAME_KEY) ?? '';
  } catch {
    // Storage may be switched off.
    return '';
  }
}

function remember(name: string): void {
  try {
    localStorage.setItem(NAME_KEY, name);
  } catch {
    // As above: the name is asked for again.
  }
}
