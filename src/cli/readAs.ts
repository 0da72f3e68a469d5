import { EngineError } from '../engine/bytes/engineError';
import type { DecoderChoices } from '../engine/types/decoderChoices';
import { checkDecoder } from '../engine/types/describe/decoders';
import { UsageError } from './usage';

/** What `--read-as CLASS=TYPE`, given any number of times, chooses. */
export function decoderChoices(texts: readonly string[]): DecoderChoices {
  return Object.fromEntries(texts.map(decoderChoice));
}

function decoderChoice(text: string): [className: string, type: string] {
  const at = text.indexOf('=');
  const className = text.slice(0, Math.max(0, at)).trim();
  const type = text.slice(at + 1).trim();
  if (className === '' || type === '')
    throw new UsageError(
      `--read-as takes CLASS=TYPE, as com.acme.MoneySnapshot='tuple<long, string>', found '${text}'.`,
    );
  try {
    checkDecoder(className, type);
  } catch (e) {
    if (!(e instanceof EngineError)) throw e;
    throw new UsageError(`--read-as: ${e.message}${e.where === undefined ? '' : ` (${e.where})`}`);
  }
  return [className, type];
}
