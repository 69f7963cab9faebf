// The library has no types of its own.
declare module '@echogarden/fvad-wasm' {
  const instantiate: () => Promise<import('./load-fvad.ts').FvadModule>;
  export default instantiate;
}
