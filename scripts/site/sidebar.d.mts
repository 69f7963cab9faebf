interface Section {
  readonly text: string;
  readonly items: readonly { readonly text: string; readonly link: string }[];
}
export declare function sidebarsOf(folder: string): Readonly<Record<string, readonly Section[]>>;
