/** What identifies an operator, for people first. */
export interface NamedOperator {
  readonly name: string | null;
  readonly uid: string | null;
  readonly id: string;
}

/** What an operator is called: the name that Flink 2 writes, else its uid, else its id. */
export const operatorName = ({ name, uid, id }: NamedOperator): string => name ?? uid ?? id;
