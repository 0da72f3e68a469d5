import type { SnapshotDescription } from '../../src/engine/description';
import { found } from '../../src/engine/health/finding';
import { healthOf } from '../../src/engine/health/health';
import { type GivenName, withNames } from '../../src/view/givenNames';
import type { HealthNews, VerificationNews } from '../../src/view/shownHealth';

const NOTHING: VerificationNews = { phase: 'none', entries: 0, bytesRead: 0, findings: [], problem: null };

/** What the extension knows of names and faults, without a workspace; reading everything goes on when a test says so. */
export class FakeHealth {
  private verification = NOTHING;
  private names: [string, GivenName][] = [];
  private make: (() => SnapshotDescription) | null = null;

  constructor(private readonly tell: (news: HealthNews) => void) {}

  news(make: () => SnapshotDescription): HealthNews {
    this.make = make;
    const findings = healthOf(withNames(make(), new Map(this.names)));
    return { names: this.names, findings, verification: this.verification };
  }

  /** The workspace's sources name an operator, or a person does. */
  name(id: string, name: GivenName): void {
    this.names = [...this.names.filter(([other]) => other !== id), [id, name]];
    this.say();
  }

  verify(what: 'start' | 'stop'): void {
    this.set(what === 'start' ? { ...NOTHING, phase: 'running' } : { phase: 'stopped' });
  }

  read(entries: number, bytesRead: number): void {
    this.set({ entries, bytesRead });
  }

  finish(entries: number): void {
    const findings = [found('ok', 'VERIFIED', { values: [entries, entries] })];
    this.set({ phase: 'done', entries, findings });
  }

  private set(news: Partial<VerificationNews>): void {
    this.verification = { ...this.verification, ...news };
    this.say();
  }

  private say(): void {
    if (this.make !== null) this.tell(this.news(this.make));
  }
}
