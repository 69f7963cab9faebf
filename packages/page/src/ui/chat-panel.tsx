import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from './icons.tsx';
import { Panel } from './panel.tsx';

export interface ChatLine {
  readonly key: string | number;
  readonly name: string;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly own: boolean;
}

export interface ChatPanelProps {
  readonly lines: readonly ChatLine[];
  readonly onSend: (text: string) => void;
  readonly onClose: () => void;
}

const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

export function ChatPanel({ lines, onSend, onClose }: ChatPanelProps): JSX.Element {
  const [text, setText] = useState('');
  const log = useRef<HTMLDivElement>(null);
  useEffect(() => log.current?.scrollTo({ top: log.current.scrollHeight }), [lines.length]);
  const send = (event: Event) => {
    event.preventDefault();
    if (text.trim() === '') return;
    onSend(text.trim());
    setText('');
  };
  return (
    <Panel title="Chat" onClose={onClose}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled with the keyboard */}
      <div class="talk" role="log" aria-label="Messages" tabIndex={0} ref={log}>
        {lines.length === 0 && <p class="nothing">Nothing was written yet.</p>}
        {lines.map((line) => (
          <div key={line.key} class={`entry ${line.own ? 'own' : ''}`}>
            <b>{line.name}</b>
            <small>{time.format(line.at)}</small>
            <p>{line.text}</p>
          </div>
        ))}
      </div>
      <form class="write" onSubmit={send}>
        <div class="field">
          <input
            aria-label="Message"
            placeholder="Message to everybody"
            autocomplete="off"
            maxLength={1000}
            value={text}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </div>
        <button type="submit" class="button primary" aria-label="Send">
          <Icon name="send" />
        </button>
      </form>
    </Panel>
  );
}
