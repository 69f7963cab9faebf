import { useRef } from 'preact/hooks';

export interface SessionButtonsProps {
  /** Whether what is seen is recorded; undefined where there is nothing to record. */
  readonly recording: boolean | undefined;
  readonly record: () => void;
  readonly openFile: (file: File) => void;
  /** Goes back from a file to the process; undefined where nothing is open. */
  readonly close: (() => void) | undefined;
}

/** Records what is seen, opens a file, goes back to the process. */
export function SessionButtons({ recording, record, openFile, close }: SessionButtonsProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      {recording === undefined ? null : (
        <button type="button" class="record" aria-pressed={recording} onClick={record}>
          {recording ? 'Stop and save' : 'Record'}
        </button>
      )}
      <button
        type="button"
        aria-label="Open file"
        title="A session file (or drop it anywhere)"
        onClick={() => input.current?.click()}
      >
        Open
      </button>
      <input
        ref={input}
        type="file"
        accept=".sluice"
        aria-label="A session file"
        hidden
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          currentTarget.value = '';
          if (file !== undefined) openFile(file);
        }}
      />
      {close === undefined ? null : (
        <button type="button" aria-label="Close file" title="Back to the process" onClick={close}>
          Close
        </button>
      )}
    </>
  );
}
