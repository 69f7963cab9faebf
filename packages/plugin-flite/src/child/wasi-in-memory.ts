/** How a program ended: thrown out of it, since it must not go on. */
export class ProgramExit extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`ended with status ${status}`);
    this.status = status;
  }
}

/** Error numbers of WASI preview 1. */
const [SUCCESS, BAD_DESCRIPTOR, NO_ENTRY, CANNOT_SEEK] = [0, 8, 44, 70];
/** Kinds of files of WASI preview 1. */
const [CHARACTER_DEVICE, DIRECTORY, REGULAR_FILE] = [2, 3, 4];
const ALL_RIGHTS = 0xffff_ffffn;
const [STDOUT, STDERR, ROOT] = [1, 2, 3];
/** Of `path_open`: make the file if there is none. */
const CREATE = 1;

/** The bytes of a file that grows. */
class MemoryFile {
  #bytes: Uint8Array<ArrayBuffer>;
  #length: number;
  at = 0;

  constructor(bytes = new Uint8Array(0)) {
    this.#bytes = bytes;
    this.#length = bytes.length;
  }

  get length(): number {
    return this.#length;
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  write(bytes: Uint8Array): void {
    const end = this.at + bytes.length;
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(end, 2 * this.#bytes.length, 65_536));
      larger.set(this.bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, this.at);
    this.at = end;
    this.#length = Math.max(this.#length, end);
  }

  read(into: Uint8Array): number {
    const bytes = this.bytes.subarray(this.at, this.at + into.length);
    into.set(bytes);
    this.at += bytes.length;
    return bytes.length;
  }
}

/**
 * The system that flite sees: arguments, a clock that stands still, and a folder of files that are only memory. Nothing of
 * the machine is to be seen from there.
 *
 * `node:wasi` is not used: it aborts the process, without a word, as it writes the sound of a text of a minute or more.
 */
export class WasiInMemory {
  /** What it wrote to its standard output. */
  readonly output = new MemoryFile();
  readonly files = new Map<string, MemoryFile>();
  /** Set once the program is instantiated. */
  memory: { readonly buffer: ArrayBuffer } | undefined;
  #args: Uint8Array[] = [];
  readonly #open = new Map<number, MemoryFile>([
    [STDOUT, this.output],
    [STDERR, new MemoryFile()],
  ]);
  #next = ROOT + 1;

  setArguments(args: readonly string[]): void {
    this.#args = args.map((arg) => Buffer.from(`${arg}\0`));
  }

  addFile(name: string, content: Uint8Array<ArrayBuffer>): void {
    this.files.set(name, new MemoryFile(content));
  }

  /** The functions of `wasi_snapshot_preview1` that flite imports. */
  imports(): Record<string, (...args: never[]) => number> {
    return {
      args_sizes_get: (count: number, size: number) => {
        this.#setUint32(count, this.#args.length);
        return this.#setUint32(
          size,
          this.#args.reduce((total, { length }) => total + length, 0),
        );
      },
      args_get: (pointers: number, buffer: number) => {
        let at = buffer;
        for (const [index, arg] of this.#args.entries()) {
          this.#setUint32(pointers + 4 * index, at);
          this.#bytes(at, arg.length).set(arg);
          at += arg.length;
        }
        return SUCCESS;
      },
      clock_time_get: (_clock: number, _precision: bigint, result: number) => this.#setUint64(result, 0n),
      fd_close: (fd: number) => (this.#open.delete(fd) ? SUCCESS : BAD_DESCRIPTOR),
      fd_fdstat_get: (fd: number, result: number) => this.#describe(fd, result),
      fd_fdstat_set_flags: () => SUCCESS,
      fd_prestat_get: (fd: number, result: number) => {
        if (fd !== ROOT) return BAD_DESCRIPTOR;
        this.#setUint32(result, 0);
        return this.#setUint32(result + 4, 1);
      },
      fd_prestat_dir_name: (_fd: number, path: number) => {
        this.#bytes(path, 1)[0] = 0x2f;
        return SUCCESS;
      },
      fd_read: (fd: number, vectors: number, count: number, result: number) =>
        this.#transfer(fd, vectors, count, result, (file, bytes) => file.read(bytes)),
      fd_write: (fd: number, vectors: number, count: number, result: number) =>
        this.#transfer(fd, vectors, count, result, (file, bytes) => {
          file.write(bytes);
          return bytes.length;
        }),
      fd_seek: (fd: number, offset: bigint, from: number, result: number) => {
        const file = this.#open.get(fd);
        if (file === undefined || fd <= STDERR) return CANNOT_SEEK;
        file.at = Number(offset) + [0, file.at, file.length][from]!;
        return this.#setUint64(result, BigInt(file.at));
      },
      path_open: (_fd: number, _lookup: number, path: number, length: number, how: number, ...rest: unknown[]) =>
        this.#openFile(Buffer.from(this.#bytes(path, length)).toString(), how, rest.at(-1) as number),
      proc_exit: (status: number) => {
        throw new ProgramExit(status);
      },
    };
  }

  #openFile(name: string, how: number, result: number): number {
    if ((how & CREATE) !== 0) this.files.set(name, new MemoryFile());
    const file = this.files.get(name);
    if (file === undefined) return NO_ENTRY;
    this.#open.set(this.#next, file);
    return this.#setUint32(result, this.#next++);
  }

  #describe(fd: number, result: number): number {
    if (fd !== ROOT && !this.#open.has(fd)) return BAD_DESCRIPTOR;
    this.#bytes(result, 24).fill(0);
    this.#bytes(result, 1)[0] = fd === ROOT ? DIRECTORY : fd <= STDERR ? CHARACTER_DEVICE : REGULAR_FILE;
    this.#setUint64(result + 8, ALL_RIGHTS);
    return this.#setUint64(result + 16, ALL_RIGHTS);
  }

  #transfer(
    fd: number,
    vectors: number,
    count: number,
    result: number,
    move: (file: MemoryFile, bytes: Uint8Array) => number,
  ): number {
    const file = this.#open.get(fd);
    if (file === undefined) return BAD_DESCRIPTOR;
    let total = 0;
    for (let index = 0; index < count; index++) {
      const view = this.#view();
      const [at, length] = [view.getUint32(vectors + 8 * index, true), view.getUint32(vectors + 8 * index + 4, true)];
      total += move(file, this.#bytes(at, length));
    }
    return this.#setUint32(result, total);
  }

  /** Made anew each time: the memory's buffer changes as it grows. */
  #view(): DataView {
    return new DataView(this.memory!.buffer);
  }

  #bytes(at: number, length: number): Uint8Array {
    return new Uint8Array(this.memory!.buffer, at, length);
  }

  #setUint32(at: number, value: number): number {
    this.#view().setUint32(at, value, true);
    return SUCCESS;
  }

  #setUint64(at: number, value: bigint): number {
    this.#view().setBigUint64(at, value, true);
    return SUCCESS;
  }
}
