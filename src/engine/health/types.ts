import type { OperatorDescription, SnapshotDescription, StateDescription } from '../description';
import type { TypeInfo } from '../types/typeInfo';
import { found, type HealthCode, type HealthFinding } from './finding';

/** Metadata that Flink 2.0 and later write: their Kryo is 5, their serializers of Scala have other names. */
const FIRST_OF_FLINK_2 = 5;
/** Metadata in which serializers may be described as Flink 1.6 and older did. */
const LAST_WITH_OLD_FORMS = 2;

const SCALA = 'org.apache.flink.api.scala.typeutils.';
const SCALA_TYPES: ReadonlySet<string> = new Set(['case-class', 'traversable', 'scala-enum', 'option', 'try']);

type Test = (type: TypeInfo) => boolean;

/** What the types of the states mean for the Flink that is to restore them. */
export function typeFindings({ metadataVersion, operators }: SnapshotDescription): HealthFinding[] {
  const findings: HealthFinding[] = [];
  const add = (severity: HealthFinding['severity'], code: HealthCode, test: (state: StateDescription) => boolean) => {
    const states = statesWhere(operators, test);
    const ids = [...new Set(states.map(({ operator }) => operator))];
    if (states.length > 0) findings.push(found(severity, code, { operators: ids, states, values: [states.length] }));
  };
  const isOfFlink1 = metadataVersion < FIRST_OF_FLINK_2;
  if (metadataVersion <= LAST_WITH_OLD_FORMS) add('warning', 'OLD_SERIALIZERS', isDescribedAsOf16);
  if (isOfFlink1) {
    add(
      'warning',
      'KRYO_2',
      has(({ name }) => name === 'kryo'),
    );
    add('warning', 'SCALA_SERIALIZERS', has(isOfScala));
    add('info', 'TTL', ({ ttl }) => ttl);
  }
  add(
    'warning',
    'JAVA_SERIALIZED',
    has(({ name }) => name === 'java'),
  );
  const legacy = operators.filter(({ legacyBytes }) => legacyBytes > 0).map(({ id }) => id);
  if (legacy.length > 0) findings.push(found('warning', 'CHECKPOINTED_INTERFACE', { operators: legacy }));
  const states = operators.flatMap((operator) => operator.states);
  if (states.length > 0 && states.every(({ readable }) => readable)) findings.push(found('ok', 'READABLE'));
  return findings;
}

/** Since 1.7 a header names the class of a snapshot, before that the serializer itself was Java-serialized. */
const isDescribedAsOf16 = ({ typeInfo: { serializer } }: StateDescription): boolean =>
  serializer !== '' && !serializer.endsWith('Snapshot');

const isOfScala: Test = ({ name, serializer }) => serializer.startsWith(SCALA) || SCALA_TYPES.has(name);

/** Whether a state's value is of such a type, or has one inside. */
function has(test: Test): (state: StateDescription) => boolean {
  const isInside = (type: TypeInfo): boolean =>
    test(type) || (type.arguments ?? []).some(isInside) || (type.fields ?? []).some((field) => isInside(field.type));
  return ({ typeInfo }) => isInside(typeInfo);
}

function statesWhere(operators: readonly OperatorDescription[], test: (state: StateDescription) => boolean) {
  return operators.flatMap(({ id, states }) => states.filter(test).map(({ name }) => ({ operator: id, name })));
}
