import { Cursor } from '../../bytes/cursor';
import { EngineError } from '../../bytes/engineError';
import type { Codec } from '../codec';
import type { DecoderChoices } from '../decoderChoices';
import type { TypeOptions } from '../family';
import { OpaqueCodec } from '../opaque';
import { SnapshotReader } from '../serializerSnapshot';
import { type FlinkLine, kryoOfLine } from './flinkLine';
import { newSerializer } from './newSerializer';
import { parseTypeText } from './typeText';

/** Line whose words are all there are. */
const NEWEST: FlinkLine = '2.1';

/** What is wrong with a type that values are to be read with; null if nothing is. */
export function decoderFault(text: string): EngineError | null {
  try {
    newSerializer(parseTypeText(text), NEWEST);
    return null;
  } catch (e) {
    if (e instanceof EngineError) return e;
    throw e;
  }
}

/** Fails with `BAD_VALUE`, naming the class, where the text is no type to read values with. */
export function checkDecoder(className: string, text: string): void {
  decoder(className, text, NEWEST, undefined);
}

/**
 * The codecs of what was chosen. Each reads what Flink's own serializer of the type writes, that of the snapshot's line. Of a
 * choice that is no type the values stay bytes, which say what is wrong with it: it costs nothing but itself.
 */
export function decodersOf(
  choices: DecoderChoices,
  line: FlinkLine,
  wrap?: TypeOptions['wrap'],
): ReadonlyMap<string, Codec> {
  return new Map(Object.entries(choices).map(([name, text]) => [name, decoderOrWhy(name, text, line, wrap)]));
}

function decoderOrWhy(className: string, text: string, line: FlinkLine, wrap: TypeOptions['wrap']): Codec {
  try {
    return decoder(className, text, line, wrap);
  } catch (e) {
    if (!(e instanceof EngineError)) throw e;
    return new OpaqueCodec({ name: 'unknown', className, serializer: className, unreadable: e.message });
  }
}

function decoder(className: string, text: string, line: FlinkLine, wrap: TypeOptions['wrap']): Codec {
  let codec: Codec;
  try {
    const { snapshot } = newSerializer(parseTypeText(text), line);
    codec = new SnapshotReader({ kryo: kryoOfLine(line), wrap }).readVersioned(new Cursor(snapshot)).codec;
  } catch (e) {
    if (!(e instanceof EngineError)) throw e;
    const message = `'${text}', chosen for ${className}, is no type to read values with: ${e.message}`;
    throw new EngineError('BAD_VALUE', message, { where: e.where, hint: e.hint, cause: e });
  }
  return Object.create(codec, {
    type: { value: { ...codec.type, chosenFor: className } },
    // How its values are laid out does not say how the job's class hashes them.
    hash: { value: undefined },
    hashAt: { value: undefined },
  }) as Codec;
}
