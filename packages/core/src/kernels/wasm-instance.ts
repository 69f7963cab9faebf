/** The little of WebAssembly that is used; neither the library of the language nor Node's types declare it. */
declare const WebAssembly: {
  readonly Memory: new (limits: { initial: number }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

/** The part of `WebAssembly.Memory` that kernels use. */
export interface WasmMemory {
  /** The bytes. After `grow` it is another one, and the one before has none. */
  readonly buffer: ArrayBuffer;
  /** Adds so many pages of 64 KiB. Returns how many there were before; throws `RangeError` where there is no memory. */
  grow(pages: number): number;
}

export const pageBytes = 65_536;
/** The first address that is free for operands: below lies what the compiler keeps for itself. */
export const wasmScratch = 1024;

/** Memory for kernels, of at least so many bytes. */
export function wasmMemory(bytes: number): WasmMemory {
  return new WebAssembly.Memory({ initial: Math.ceil(bytes / pageBytes) });
}

/** The exports of a module that scripts/build-kernels.mjs made, on `memory`. `Exports` is what its source says. */
export function wasmExports<Exports>(base64: string, memory: WasmMemory): Exports {
  // Compiling here and now is allowed for a module of this size, and takes less than a millisecond.
  const module = new WebAssembly.Module(Buffer.from(base64, 'base64'));
  return new WebAssembly.Instance(module, { env: { memory } }).exports as Exports;
}
