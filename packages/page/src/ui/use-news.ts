import { useEffect, useRef, useState } from 'preact/hooks';
import type { CallState } from './call-view.ts';

/** What happened last in a call, in words for who does not see it. */
export function useNews(state: CallState, chatIsOpen: boolean): string {
  const before = useRef(state);
  const [news, setNews] = useState('');
  useEffect(() => {
    const words = newsBetween(before.current, state, chatIsOpen);
    before.current = state;
    if (words.length > 0) setNews(words.join(' '));
  }, [state, chatIsOpen]);
  return news;
}

export function newsBetween(before: CallState, now: CallState, chatIsOpen: boolean): string[] {
  const words: string[] = [];
  const was = new Map(before.others.map(({ id, name }) => [id, name]));
  const is = new Map(now.others.map(({ id, name }) => [id, name]));
  for (const [id, name] of is) if (!was.has(id)) words.push(`${name} joined.`);
  for (const [id, name] of was) if (!is.has(id)) words.push(`${name} left.`);
  if (now.recording !== before.recording)
    words.push(now.recording ? 'This call is being recorded.' : 'Recording stopped.');
  if (now.transcribing !== before.transcribing)
    words.push(now.transcribing ? 'What is said is being written down.' : 'Transcription stopped.');
  if (before.microphone.on && !now.microphone.on) words.push('Your microphone is off.');
  if (!before.microphone.on && now.microphone.on) words.push('Your microphone is on.');
  for (const { id, name } of now.waiting)
    if (!before.waiting.some((one) => one.id === id)) words.push(`${name} waits to be let in.`);
  const fresh = now.chat.slice(before.chat.length).filter(({ from }) => from !== now.me.id);
  // An open log is read out by itself.
  if (!chatIsOpen) for (const { name, text } of fresh) words.push(`${name} writes: ${text}`);
  return words;
}
