import { render } from 'preact';
import { App } from './app.tsx';
import type { CallView } from './call-view.ts';
import './styles/all.css';

/** Draws a call into the page. */
export function startPage(call: CallView, room: string): void {
  render(<App call={call} room={room} />, document.getElementById('page')!);
}
