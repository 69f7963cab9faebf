/** Why a device gives nothing. */
export type DeviceFault = 'denied' | 'missing' | 'busy' | 'insecure' | 'failed';

/** What is told where camera, microphone or screen cannot be used. The call goes on without. */
export function deviceWords(device: 'camera' | 'microphone' | 'screen', fault: DeviceFault): string {
  switch (fault) {
    case 'insecure':
      return (
        'Browsers give camera and microphone only to secure pages. ' +
        'Open the room by https, or by localhost on the machine itself. You can join, listen, watch and write.'
      );
    case 'denied':
      return device === 'screen'
        ? 'Your screen is not shared: the browser or you said no.'
        : `The browser was not allowed to use your ${device}. Allow it in the address bar, then try again.`;
    case 'missing':
      return device === 'screen'
        ? 'This browser cannot share a screen.'
        : `No ${device} was found. Plug one in, then try again.`;
    case 'busy':
      return `Your ${device} is used by another program. Close that, then try again.`;
    case 'failed':
      return `Your ${device} could not be started.`;
  }
}
