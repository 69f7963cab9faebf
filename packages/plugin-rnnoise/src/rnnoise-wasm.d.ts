// The library has no types of its own.
declare module '@echogarden/rnnoise-wasm' {
  const instantiate: () => Promise<import('./load-rnnoise.ts').RnnoiseModule>;
  export default instantiate;
}
