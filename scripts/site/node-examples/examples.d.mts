interface Example {
  readonly given?: readonly string[];
}
type Examples = Readonly<Record<string, Example>>;

export const heard: Examples;
export const seen: Examples;
export const told: Examples;
export const drawn: Examples;
