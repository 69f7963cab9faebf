/** What a browser says of a microphone or camera that is used, in plain words; what it does not say is left out. */
export function deviceFacts(kind: 'microphone' | 'camera', settings: MediaTrackSettings): string[] {
  const facts = kind === 'microphone' ? ofMicrophone(settings) : ofCamera(settings);
  return facts.filter((fact) => fact !== undefined);
}

function ofMicrophone(settings: MediaTrackSettings): (string | undefined)[] {
  const { channelCount, sampleRate, echoCancellation, noiseSuppression, autoGainControl } = settings;
  return [
    channelCount && `Channels: ${channelCount}`,
    sampleRate && `Rate: ${sampleRate / 1_000} kHz`,
    // Some browsers tell a kind of it in place of yes.
    isOn('Echo cancellation', echoCancellation === undefined ? undefined : echoCancellation !== false),
    isOn('Noise suppression', noiseSuppression),
    isOn('Automatic gain', autoGainControl),
  ].map((fact) => fact || undefined);
}

function ofCamera({ width, height, frameRate }: MediaTrackSettings): (string | undefined)[] {
  return [
    width && height ? `Picture: ${width} × ${height}` : undefined,
    frameRate ? `Pictures per second: ${Math.round(frameRate)}` : undefined,
  ];
}

function isOn(name: string, value: boolean | undefined): string | undefined {
  return value === undefined ? undefined : `${name}: ${value ? 'on' : 'off'}`;
}
