import { EngineError } from '../engine/bytes/engineError';
import type { SnapshotDescription } from '../engine/description';
import type { Json } from '../engine/json/jsonValue';
import { parseJson } from '../engine/json/parseJson';
import { object, type PlanStepJson, stepOf } from '../plan/planText';
import { referenceOf } from './answers';

/** The step that keeps an entry as it is, from the entry's line of a dump: who changes it changes the plan's text. */
export function entryStep(line: string, snapshot: Pick<SnapshotDescription, 'operators'>): PlanStepJson {
  const entry = parseJson(line);
  if (!(entry instanceof Map)) throw new EngineError('INTERNAL', 'The entry is no object.');
  const text = (name: string): string => {
    const value = entry.get(name);
    if (typeof value !== 'string') throw new EngineError('INTERNAL', `The entry does not say its "${name}".`);
    return value;
  };
  const get = (name: string): Json | undefined => entry.get(name);
  const [id, state, kind] = [text('op'), text('state'), text('kind')];
  const operator = snapshot.operators.find((o) => o.id === id);
  const isOperatorState = kind === 'operator-list' || kind === 'operator-union' || kind === 'broadcast';
  const namesakes = operator?.states.filter(({ name }) => name === state) ?? [];
  const reference = {
    operator: operator === undefined ? id : referenceOf(operator),
    state,
    // An operator state and a keyed state may have one name.
    of: namesakes.length < 2 ? undefined : isOperatorState ? 'operator' : 'keyed',
  };
  const parts = { ...reference, key: get('key'), namespace: get('ns'), mapKey: get('ukey') };
  const timestamp = get('timestamp');
  if (kind === 'timer') {
    const set = object({ timestamp });
    return stepOf('update', object({ ...parts, timestamp, set }));
  }
  const isElement = isOperatorState && kind !== 'broadcast';
  return stepOf(
    'put',
    object({
      ...parts,
      subtask: isElement ? get('subtask') : undefined,
      index: isElement ? get('index') : undefined,
      value: get('value'),
    }),
  );
}
