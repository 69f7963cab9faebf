/**
 * Puts a method that fails under each name that a method would have in Python (`update_inputs`), so that its error tells
 * the name that it has here. They are neither declared nor listed.
 */
export function refusePythonNames(prototype: object): void {
  for (const name of methodsOf(prototype)) refuse(prototype, snakeCase(name), name);
}

function refuse(prototype: object, name: string, ours: string): void {
  if (name in prototype) return;
  Object.defineProperty(prototype, name, {
    configurable: true,
    value: () => {
      const error = new TypeError(`${name} is not a method here. Call ${ours}`);
      throw Object.assign(error, { code: 'SLUICE_INVALID_ARGUMENT' });
    },
  });
}

function methodsOf(prototype: object): string[] {
  const names: string[] = [];
  for (let at: object | null = prototype; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at))
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at)))
      if (typeof value === 'function' && /[a-z][A-Z]/.test(name)) names.push(name);
  return names;
}

/** `update_inputs` of `updateInputs`. */
function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
