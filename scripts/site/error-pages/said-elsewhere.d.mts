export const saidElsewhere: Readonly<Record<string, string>>;
