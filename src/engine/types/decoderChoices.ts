/**
 * How values are read whose serializer only the job has: types in the words of plans, by the class that the type names behind
 * `unknown`. They are for looking; nothing is written with them.
 */
export type DecoderChoices = Readonly<Record<string, string>>;
