import type { PartState } from '../backends/part';
import { EngineError } from '../bytes/engineError';
import type { Codec } from '../types/codec';
import type { RowExpression } from './cel/rowExpression';

/** The expressions of one state, compiled. */
export interface StateExpressions {
  value: RowExpression;
  mapKey: RowExpression | null;
  namespace: RowExpression | null;
  ttl: RowExpression | null;
}

/** Those of a timer service. */
export interface TimerExpressions {
  timestamp: RowExpression;
  namespace: RowExpression | null;
}

/** The codec below a time-to-live, whose stamp comes from an expression of its own. */
export function plainCodec(codec: Codec | null, state: PartState): Codec {
  if (codec === null)
    throw new EngineError('REFUSED', `The state ${state.name} does not say how its values are serialized.`);
  if (codec.type.name !== 'ttl') return codec;
  const inner = codec.parts?.at(-1);
  if (inner === undefined) throw new EngineError('REFUSED', `The values of ${state.name} cannot be taken apart.`);
  return inner;
}
