/** A value that its column cannot hold without loss; the entry's JSON has it then. */
export class Misfit extends Error {}
