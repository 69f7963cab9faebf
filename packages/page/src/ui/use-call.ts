import { useEffect, useState } from 'preact/hooks';
import type { CallState, CallView } from './call-view.ts';

/** The state of a call, drawn anew when it changes. */
export function useCall(call: CallView): CallState {
  const [state, setState] = useState(call.state);
  useEffect(() => {
    setState(call.state);
    return call.subscribe(() => setState(call.state));
  }, [call]);
  return state;
}
