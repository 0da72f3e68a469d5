import { readFileSync } from 'node:fs';
import { test } from 'vitest';
import { Cursor } from '../../../src/engine/bytes/cursor';
import { writeJson } from '../../../src/engine/json/writeJson';
import { KryoCodec } from '../../../src/engine/types/families/kryo/kryoCodec';

for (const [f, d] of [
  ['s1', 2],
  ['s2', 5],
  ['s1s', 2],
  ['s2s', 5],
] as const)
  test(f, () => {
    for (const line of readFileSync(`/tmp/ksrc/${f}.ndjson`, 'utf8').trim().split('\n')) {
      const s = JSON.parse(line.replace(/:-0\.0/, ':-0.0'));
      const codec = new KryoCodec(
        { dialect: d, typeClass: s.type, registrations: [{ className: s.type, serializer: null }], defaults: [] },
        'x',
      );
      const bytes = Buffer.from(s.bytes, 'hex');
      const want = line.slice(line.indexOf('"value":') + 8, -1);
      try {
        const c = new Cursor(new Uint8Array(bytes));
        const v = codec.read(c);
        const got = writeJson(v);
        if (c.position !== bytes.length) console.log(f, s.name, 'LEFT', bytes.length - c.position, got.slice(0, 200));
        else if (got !== want) console.log(f, s.name, 'want', want.slice(0, 300), 'got', got.slice(0, 700));
      } catch (e) {
        console.log(f, s.name, 'FAIL', (e as Error).message.slice(0, 300), s.bytes.slice(0, 120));
      }
    }
  });
