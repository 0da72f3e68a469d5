import { describe, expect, it } from 'vitest';
import { looksLikePlan, planCandidates } from '../../../src/names/find/compiledPlan';

/** As `COMPILE PLAN` writes it, without what no uid is made of. */
const plan = (configuration?: object): string =>
  JSON.stringify(
    {
      flinkVersion: '1.20',
      nodes: [
        { id: 1, type: 'stream-exec-table-source-scan_1', scanTableSource: {}, outputType: 'ROW<`a` INT>' },
        { id: 27, type: 'stream-exec-group-aggregate_1', ...(configuration && { configuration }) },
        { id: 'x', type: 'stream-exec-calc_1' },
        { id: 3, type: 'no version' },
      ],
      edges: [{ source: 1, target: 27 }],
    },
    null,
    2,
  );
const uids = (text: string) => planCandidates(text).map((c) => c.text);

describe('the operators of a compiled SQL plan', () => {
  it('have a uid of the node’s id and the transformation’s name', () => {
    expect(uids(plan())).toEqual(expect.arrayContaining(['1_source', '27_group-aggregate', '27_exchange', '1_kafka']));
  });

  it('have the longer one that Flink 1.15 gave', () => {
    expect(uids(plan())).toContain('27_stream-exec-group-aggregate_1_group-aggregate');
  });

  it('have the one of the format that the plan keeps', () => {
    const format = 'acme-<id>-<transformation>-v<version>-<type>-<other>';
    const found = uids(plan({ 'table.exec.uid.format': format }));
    expect(found).toContain('acme-27-group-aggregate-v1-stream-exec-group-aggregate-<other>');
    expect(found).not.toContain('27_group-aggregate');
    expect(found).toContain('1_source');
  });

  it('stand where their node begins', () => {
    const text = plan();
    const at = planCandidates(text).find((c) => c.text === '27_group-aggregate')?.at ?? -1;
    expect(text.slice(at, at + 20)).toContain('"id": 27');
  });

  it('are none in other files', () => {
    expect(looksLikePlan(plan())).toBe(true);
    expect(looksLikePlan('{"nodes": []}')).toBe(false);
    for (const text of ['', '{', '[]', '{"flinkVersion":1,"nodes":{}}', '{"nodes":[null,1,[]]}'])
      expect(planCandidates(text)).toEqual([]);
  });
});
