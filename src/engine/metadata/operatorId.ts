import { bytesToHex } from '../bytes/hex';
import { murmur3x64 } from '../java/murmur3';

/** Whether a text is an operator id: 32 hex digits in lower case. */
export const isOperatorId = (text: string): boolean => /^[0-9a-f]{32}$/.test(text);

/**
 * The id, in 32 hex digits, of an operator whose uid the job sets. A surrogate without its partner becomes a question mark,
 * as in Java's UTF-8 encoder. Source: org.apache.flink.streaming.api.graph.StreamGraphHasherV2 (since 1.2).
 */
export function operatorIdOfUid(uid: string): string {
  return bytesToHex(murmur3x64(new TextEncoder().encode(uid.replace(/\p{Surrogate}/gu, '?'))));
}
