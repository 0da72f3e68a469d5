import { EngineError } from '../bytes/engineError';

/** The error of a proof that does not hold. */
export function failed({ title }: { readonly title: string }, what: string): EngineError {
  return new EngineError(
    'CHECKSUM',
    `The snapshot that was written is not the one that was to be: operator ${title} ${what}`,
    { hint: 'It was removed again. Please report this.' },
  );
}
