import type { JSX } from 'preact';
import { type CallView, type DeviceChoice, type DeviceKind, deviceKinds } from './call-view.ts';
import { useCall } from './use-call.ts';
import { deviceFacts } from './words/device-facts.ts';

const names: Readonly<Record<DeviceKind, string>> = {
  microphone: 'Microphone',
  camera: 'Camera',
  loudspeaker: 'Loudspeaker',
};

/** Which microphone, camera and loudspeaker are used, and what the browser makes of them. */
export function DeviceMenu({ call }: { readonly call: CallView }): JSX.Element {
  const state = useCall(call);
  const used = (['microphone', 'camera'] as const).flatMap((kind) => {
    const { track } = state[kind];
    return track === undefined ? [] : [{ name: names[kind], facts: deviceFacts(kind, track.getSettings()) }];
  });
  return (
    <div class="devices">
      {deviceKinds.map((kind) => {
        const choice = state.devices[kind];
        return (
          choice && <Choice key={kind} kind={kind} choice={choice} onChoose={(id) => void call.choose(kind, id)} />
        );
      })}
      {used.length > 0 && (
        <details>
          <summary>How they are used</summary>
          {used.map(({ name, facts }) => (
            <section key={name} aria-label={name}>
              <p class="label">{name}</p>
              {facts.map((fact) => (
                <p key={fact}>{fact}</p>
              ))}
            </section>
          ))}
        </details>
      )}
    </div>
  );
}

interface ChoiceProps {
  readonly kind: DeviceKind;
  readonly choice: DeviceChoice;
  readonly onChoose: (id: string) => void;
}

function Choice({ kind, choice: { all, chosen }, onChoose }: ChoiceProps): JSX.Element {
  const id = `device-${kind}`;
  return (
    <div class="field">
      <label for={id}>{names[kind]}</label>
      <select id={id} value={chosen} onChange={({ currentTarget }) => onChoose(currentTarget.value)}>
        <option value="">System default</option>
        {all.map((device) => (
          <option key={device.id} value={device.id}>
            {device.label}
          </option>
        ))}
      </select>
    </div>
  );
}
