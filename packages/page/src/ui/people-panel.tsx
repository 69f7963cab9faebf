import type { JSX } from 'preact';
import { Face } from './face.tsx';
import { Icon } from './icons.tsx';
import { Panel } from './panel.tsx';

/** Somebody in the list of people. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly isLocal: boolean;
  readonly isOwner: boolean;
  /** Undefined: has none. */
  readonly microphone: boolean | undefined;
  readonly camera: boolean | undefined;
}

export interface Waiting {
  readonly id: string;
  readonly name: string;
}

export interface PeopleProps {
  readonly people: readonly Person[];
  readonly waiting: readonly Waiting[];
  /** Whether the panel is open. If not, the list is there for who does not see the tiles. */
  readonly open: boolean;
  /** Whether we may mute, remove and admit. */
  readonly mayControl: boolean;
  readonly onMute: (id: string) => void;
  readonly onRemove: (id: string) => void;
  readonly onAdmit: (id: string, admit: boolean) => void;
  readonly onClose: () => void;
  readonly children?: JSX.Element | false | undefined;
}

export function People(props: PeopleProps): JSX.Element {
  const { people, open, onClose, children } = props;
  if (!open)
    return (
      <ul class="unseen" aria-label="People">
        {people.map(({ id, name }) => (
          <li key={id} aria-label={name}>
            {name}
          </li>
        ))}
      </ul>
    );
  return (
    <Panel title="People" onClose={onClose}>
      <div class="people">
        <WaitingList {...props} />
        <ul aria-label="People">
          {people.map((person) => (
            <li key={person.id} aria-label={person.name}>
              <PersonRow person={person} {...props} />
            </li>
          ))}
        </ul>
      </div>
      {children}
    </Panel>
  );
}

function PersonRow({ person, mayControl, onMute, onRemove }: PeopleProps & { readonly person: Person }): JSX.Element {
  const { id, name, isLocal, isOwner, microphone, camera } = person;
  const roles = [isLocal && 'You', isOwner && 'Owner'].filter(Boolean).join(', ');
  return (
    <>
      <Face id={id} name={name} />
      <div class="who">
        <b>{name}</b>
        {roles !== '' && <small>{roles}</small>}
      </div>
      <div class="does">
        {microphone !== undefined && (
          <span
            class={microphone ? '' : 'muted'}
            role="img"
            aria-label={microphone ? 'microphone on' : 'microphone off'}
          >
            <Icon name={microphone ? 'microphone' : 'microphone-off'} />
          </span>
        )}
        {camera && (
          <span role="img" aria-label="camera on">
            <Icon name="camera" />
          </span>
        )}
      </div>
      {mayControl && !isLocal && (
        <div class="acts">
          {microphone && (
            <button type="button" class="button small" aria-label={`Mute for all: ${name}`} onClick={() => onMute(id)}>
              Mute for all
            </button>
          )}
          <button type="button" class="button small off" aria-label={`Remove ${name}`} onClick={() => onRemove(id)}>
            Remove
          </button>
        </div>
      )}
    </>
  );
}

function WaitingList({ waiting, onAdmit }: PeopleProps): JSX.Element | null {
  if (waiting.length === 0) return null;
  return (
    <section aria-label="Waiting to be let in">
      <h3>Waiting to be let in</h3>
      {waiting.map(({ id, name }) => (
        <div key={id} class="waits">
          <Face id={id} name={name} />
          <b>{name}</b>
          <div class="acts">
            <button
              type="button"
              class="button small primary"
              aria-label={`Let in ${name}`}
              onClick={() => onAdmit(id, true)}
            >
              Let in
            </button>
            <button
              type="button"
              class="button small"
              aria-label={`Turn away ${name}`}
              onClick={() => onAdmit(id, false)}
            >
              Turn away
            </button>
          </div>
        </div>
      ))}
    </section>
  );
}
