import { Cursor } from '../bytes/cursor';
import { toValue } from '../java/jdk';
import { readJavaObject } from '../java/objectStream';
import { encodeBase64 } from '../json/base64';
import type { Json } from '../json/jsonValue';
import { toJson } from '../json/writeJson';
import { fields } from './payload/reading';

/**
 * State of an operator of Flink 1.2 and 1.3 that is not managed (StreamCheckpointedOperator). Where its function is `Checkpointed`
 * it begins with one byte, 1 if the function had state, which follows as a Java object; what the operator itself appended
 * follows that. Source: AbstractUdfStreamOperator of 1.2.
 */
export function readLegacyState(bytes: Uint8Array): Json {
  const cursor = new Cursor(bytes);
  const functionState = cursor.bool('flag of function state') ? toJson(toValue(readJavaObject(cursor))) : null;
  const rest = cursor.take(cursor.remaining);
  return fields({ functionState, ...(rest.length > 0 && { rest: encodeBase64(rest) }) });
}
