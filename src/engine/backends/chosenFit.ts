import { EngineError } from '../bytes/engineError';
import { chosenIn, misfitOf } from '../types/chosenDecoder';
import type { TypeInfo } from '../types/typeInfo';
import { type Batch, isOfTheBytes, type PartState, type Unread, unreadBecause } from './part';

/** Whether a decoder that a person chose has a part in reading this state. */
export function isReadAsChosen(state: PartState): boolean {
  return typesOf(state).some((type) => chosenIn(type).length > 0);
}

/**
 * What goes wrong where entries, whose lengths nothing tells, are read one behind another. A chosen decoder that does not fit
 * loses its way, and what it reads from there on are no entries: who is told so here hands none of them out.
 */
export async function readThrough(batches: AsyncIterable<Batch>): Promise<EngineError | null> {
  try {
    for await (const { unread } of batches) {
      const [lost] = unread;
      if (lost !== undefined) return errorOf(lost);
    }
    return null;
  } catch (e) {
    if (e instanceof EngineError && isOfTheBytes(e)) return e;
    throw e;
  }
}

/** The stretch of state that is not handed out because of it. */
export function unreadMisfit(state: PartState, keyGroup: number, bytes: number, why: EngineError): Unread {
  return unreadBecause(state, keyGroup, bytes, new EngineError(why.code, misfitOf(typesOf(state), why.message)));
}

/** Another type that only a class of the job can read says nothing of the one that was chosen. */
function errorOf({ code, reason }: Unread): EngineError | null {
  return code === 'UNREADABLE' ? null : new EngineError(code, reason);
}

function typesOf({ key, namespace, userKey, value }: PartState): TypeInfo[] {
  return [key, namespace, userKey, value].flatMap((codec) => (codec === null ? [] : [codec.type]));
}
