import { decodeBase64 } from '../../../json/base64';
import { VARIABLE } from '../../codec';
import { stringFrom } from '../../jsonInput';
import { type Shape, simpleFamily } from '../support';

/**
 * `ByteArrayWrapperSerializer` of PyFlink (1.13): `i4 length`, bytes. Keys of a Python job's DataStreams, as Python pickled
 * them. Unlike a `byte[]`, it hashes by content, from the last byte to the first.
 */
const byteArrayWrapper: Shape<Uint8Array> = {
  type: { name: 'byte[]', className: 'org.apache.flink.streaming.api.utils.ByteArrayWrapper' },
  length: VARIABLE,
  minimum: 4,
  read: (cursor) => cursor.bytes4('byte array').slice(),
  skip: (cursor) => void cursor.bytes4('byte array'),
  write: (sink, value) => sink.bytes4(value),
  fromJson: (json) => decodeBase64(stringFrom(json, 'bytes as base64')),
  hash: (value) => value.reduceRight((hash, byte) => (Math.imul(hash, 31) + ((byte << 24) >> 24)) | 0, 1),
};

export const pythonFamily = simpleFamily({
  'org.apache.flink.streaming.api.utils.ByteArrayWrapperSerializer': byteArrayWrapper,
});
