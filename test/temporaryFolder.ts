import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach } from 'vitest';

/** A folder for each test, which is deleted after it. */
export interface TemporaryFolder {
  readonly root: string;
  at(...parts: string[]): string;
  /** Writes a file below the folder, with the folders it needs; gives its path. */
  file(name: string, content: Uint8Array | string): string;
  folder(name: string): string;
}

export function useTemporaryFolder(): TemporaryFolder {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'snapshot-test-'));
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });
  const at = (...parts: string[]) => path.join(root, ...parts);
  return {
    get root() {
      return root;
    },
    at,
    file(name, content) {
      mkdirSync(path.dirname(at(name)), { recursive: true });
      writeFileSync(at(name), content);
      return at(name);
    },
    folder(name) {
      mkdirSync(at(name), { recursive: true });
      return at(name);
    },
  };
}
