import { describe, expect, it } from 'vitest';
import { healthOf } from '../../../src/engine/health/health';
import type { PageSettings } from '../../../src/protocol';
import type { VerificationNews } from '../../../src/view/shownHealth';
import { buildStrings } from '../../../src/view/strings';
import { inEnglish } from '../../../src/view/translate';
import { type HealthItem, healthItems } from '../../../webview/model/health';
import { damaged, operator, problem, shop, snapshot, state } from '../../webview/samples';

const strings = buildStrings(inEnglish);
const settings: PageSettings = { sizeUnits: 'decimal', timeZone: 'utc', locale: 'en', decoders: {} };
const NOTHING: VerificationNews = { phase: 'none', entries: 0, bytesRead: 0, findings: [], problem: null };
const items = (of: ReturnType<typeof snapshot>, verification = NOTHING): HealthItem[] =>
  healthItems({ findings: healthOf(of), verification }, of, strings, settings);

describe('the lines of the health section', () => {
  it('begin with the worst, faults of files of one kind as one', () => {
    const found = items(damaged());
    const severities = found.map((i) => i.severity);
    expect(severities).toEqual([...severities].sort((a, b) => order(a) - order(b)));
    expect(found[0]).toMatchObject({
      severity: 'error',
      text: '2 files of the snapshot are missing; the table of files says which.',
      remedy: { does: 'showFiles' },
    });
    expect(found[1]?.text).toMatch(/^A file has another size than the metadata says: /);
  });

  it('say what is well where it is', () => {
    expect(items(snapshot()).filter((i) => i.severity === 'ok')).toMatchObject([
      { text: 'Everything is inside the metadata: there are no other files that could be missing.' },
    ]);
    const texts = items(shop()).map((i) => i.text);
    expect(texts.some((text) => /^All \d+ files are there/.test(text))).toBe(true);
    expect(items(damaged()).some((i) => /files are there/.test(i.text))).toBe(false);
    const readable = snapshot({ operators: [operator('a', { states: [state('s')] })] });
    expect(items(readable).map((i) => i.text)).toContain(strings.healthFindings.findings.READABLE.one);
  });

  it('lead to operators and states, a few of them by name', () => {
    const kryo = { name: 'kryo', serializer: 'x.KryoSerializerSnapshot' };
    const states = ['a', 'b', 'c', 'd', 'e'].map((name) => state(name, { typeInfo: kryo }));
    const of = snapshot({ metadataVersion: 4, operators: [operator('0'.repeat(32), { uid: 'users', states })] });
    const item = items(of).find((i) => i.text.startsWith('5 states use Kryo 2'));
    expect(item?.places).toEqual(
      ['a', 'b', 'c'].map((name) => ({
        label: `users / ${name}`,
        target: { operator: '0'.repeat(32), state: name },
      })),
    );
    expect(item?.morePlaces).toBe(2);
  });

  it('tell faults in the engine’s words, and name no file twice', () => {
    const named = snapshot({ problems: [problem('error', 'CORRUPT', 'There is no /x/y.', { file: '/x/y' })] });
    expect(items(named)[0]).toMatchObject({ text: 'There is no /x/y.', file: null });
    const other = snapshot({
      problems: [problem('error', 'CORRUPT', 'No.', { file: '/x/y', offset: 7, where: 'op' })],
    });
    expect(items(other)[0]).toMatchObject({ file: '/x/y', offset: 7, where: 'op' });
  });

  it('hold what the reading of everything found, too', () => {
    const findings = healthOf(snapshot({ problems: [problem('error', 'CORRUPT', 'Broken.')] })).slice(0, 1);
    const found = items(shop(), { ...NOTHING, phase: 'done', findings });
    expect(found[0]).toMatchObject({ severity: 'error', text: 'Broken.' });
  });
});

const order = (severity: HealthItem['severity']): number => ['error', 'warning', 'info', 'ok'].indexOf(severity);
