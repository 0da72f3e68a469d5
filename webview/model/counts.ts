import type { OperatorDescription, StateDescription } from '../../src/engine/description';
import type { OperatorAmount, StateAmount, StatsNews } from '../../src/view/shownStats';

/** How many entries there are: exactly, at least so many, being counted with none found yet, or not known. */
export type EntryNumber =
  | { is: 'exact'; entries: number }
  | { is: 'atLeast'; entries: number }
  | { is: 'counting' | 'unknown' };

export const NO_NEWS: StatsNews = {
  phase: 'none',
  stats: null,
  read: 0,
  of: 0,
  millis: 0,
  isKept: false,
  problem: null,
};

/** What was counted, by operator and state. */
export class Counts {
  private readonly operators: ReadonlyMap<string, OperatorAmount>;

  constructor(readonly news: StatsNews = NO_NEWS) {
    this.operators = new Map(news.stats?.operators.map((operator) => [operator.id, operator]));
  }

  ofOperator({ id }: Pick<OperatorDescription, 'id'>): OperatorAmount | null {
    return this.operators.get(id) ?? null;
  }

  ofState(operator: Pick<OperatorDescription, 'id'>, { name, kind }: StateDescription): StateAmount | null {
    return this.ofOperator(operator)?.states.find((of) => of.name === name && of.kind === kind) ?? null;
  }

  /** Entries of an operator, or of one of its states. */
  entries(operator: OperatorDescription, state: StateDescription | null): EntryNumber {
    // A header may say it, without counting.
    if (state !== null && state.entries !== null) return { is: 'exact', entries: state.entries };
    // Without a byte there is no entry.
    if (state === null && operator.bytes === 0) return { is: 'exact', entries: 0 };
    const { phase, stats } = this.news;
    const amount = state === null ? this.ofOperator(operator) : this.ofState(operator, state);
    if (stats === null || phase === 'none') return { is: phase === 'counting' ? 'counting' : 'unknown' };
    if (stats.isComplete) {
      if (amount !== null) return { is: 'exact', entries: amount.entries };
      // What could not be read was not counted; what was read and has no entries is empty.
      const isRead = state === null || (state.readable && stats.problems.length === 0);
      return isRead ? { is: 'exact', entries: 0 } : { is: 'unknown' };
    }
    if (amount !== null && amount.entries > 0) return { is: 'atLeast', entries: amount.entries };
    return { is: phase === 'counting' ? 'counting' : 'unknown' };
  }

  /** Bytes of a state that its format does not tell, as its serializers wrote them. */
  bytes(operator: OperatorDescription, state: StateDescription): number | null {
    return this.ofState(operator, state)?.bytes ?? null;
  }
}

/** For sorting: what is not known is least. */
export const orderOf = (number: EntryNumber): number => ('entries' in number ? number.entries : -1);
