import { useState } from 'preact/hooks';
import { errorText } from '../link/error-texts.ts';
import { MarkedText } from '../strips/marked-text.tsx';

/** An error code that tells, when it is pressed, what it means and what to do. */
export function ErrorHelp({ code }: { readonly code: string }) {
  const [text, setText] = useState<readonly string[]>();
  const toggle = async () => {
    if (text !== undefined) return setText(undefined);
    try {
      const found = await errorText(code);
      setText(found === undefined ? [UNKNOWN] : [found.happened, found.advice]);
    } catch {
      setText([GONE]);
    }
  };
  return (
    <>
      <button type="button" class="plain" aria-expanded={text !== undefined} onClick={toggle}>
        {code}
      </button>
      {text === undefined ? null : (
        <div class="explained">
          {text.map((paragraph) => (
            <p key={paragraph}>
              <MarkedText text={paragraph} />
            </p>
          ))}
        </div>
      )}
    </>
  );
}

const UNKNOWN = 'This version has no text on it.';
const GONE = 'The process that has the text does not answer.';
