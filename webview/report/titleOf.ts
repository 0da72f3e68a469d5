import type { OperatorTitle } from '../../src/engine/plan/planReport';

/** What an operator of a report is called. */
export const titleOf = ({ name, uid, id }: OperatorTitle): string => name ?? uid ?? id;
