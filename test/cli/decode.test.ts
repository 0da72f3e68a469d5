import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decode } from '../../src/cli/decode';
import { envelope, hex, list, type Snapshot, simple, versioned } from '../engine/types/snapshotBytes';

describe('decode', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'decode-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function sample(folder: string, snapshot: Uint8Array, data: string): void {
    mkdirSync(path.join(root, folder), { recursive: true });
    writeFileSync(path.join(root, folder, 'serializer-snapshot'), snapshot);
    writeFileSync(path.join(root, folder, 'test-data'), hex(data));
  }

  async function lines(): Promise<string[]> {
    const all: string[] = [];
    await decode(root, (line) => all.push(line));
    return all;
  }

  const LONGS: Snapshot = list(simple('LongSerializer'));

  it('prints one line for every folder with a snapshot and a value', async () => {
    sample('longs/1.20', envelope(LONGS), '00 00 00 01 7f ff ff ff ff ff ff ff');
    sample('bytes/deeper/2.3', envelope(simple('array.BytePrimitiveArraySerializer')), '00 00 00 01 ff');
    mkdirSync(path.join(root, 'empty'));
    expect(await lines()).toEqual([
      '{"path":"bytes/deeper/2.3","value":"/w==","type":"byte[]"}',
      '{"path":"longs/1.20","value":[9223372036854775807],"type":"list<long>"}',
    ]);
  });

  it('shows what it cannot decode as bytes, with the reason', async () => {
    sample('a-own', envelope(versioned('com.acme.OwnSnapshot', 1, (sink) => sink.i32(7))), '01 02');
    sample('b-cut', envelope(LONGS), '00 00 00 01 7f');
    sample('c-more', envelope(simple('IntSerializer')), '00 00 00 01 02');
    sample('d-broken', hex('00 00 00 02 00'), '01');
    const found = await lines();
    expect(found.map((line) => JSON.parse(line).value.$bytes)).toEqual(['AQI=', 'AAAAAX8=', 'AAAAAQI=', 'AQ==']);
    expect(found[0]).toContain('com.acme.OwnSnapshot');
    expect(found[0]).toContain('"type":"unknown com.acme.OwnSnapshot"');
    expect(found[2]).toContain('left over');
    expect(found[3]).toContain('"type":"unknown"');
  });
});
