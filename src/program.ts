import { name, version } from '../package.json';

/** Who writes: name and version, for what is kept beside a written snapshot. */
export const PROGRAM = `${name} ${version}`;
