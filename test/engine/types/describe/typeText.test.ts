import { describe, expect, it } from 'vitest';
import { newSerializer } from '../../../../src/engine/types/describe/newSerializer';
import { parseTypeText, printType } from '../../../../src/engine/types/describe/typeText';
import { spellType } from '../../../../src/engine/types/typeInfo';

describe('the text of a type', () => {
  it.each([
    'long',
    'byte[]',
    'list<string>',
    'map<string, list<long>>',
    'tuple<string, long>',
    'pojo com.acme.Balance {amount: double, updatedAt: long}',
    'ttl<map<string, long>>',
    'timer<tuple<string, int>, void-namespace>',
    'list<long>?',
    'array<int>',
    'long org.apache.flink.types.LongValue',
  ])('%s is what inspect prints of its serializer', (text) => {
    const type = parseTypeText(text);
    expect(printType(type)).toBe(text);
    expect(spellType(newSerializer(type, '2.1').codec.type)).toBe(text);
  });
});
