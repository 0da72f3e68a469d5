/** A name by which a word is looked up: capitals, hyphens and underscores make no difference, `timeWindow` is `time-window`. */
export const plainName = (name: string): string => name.toLowerCase().replace(/[-_]/g, '');
