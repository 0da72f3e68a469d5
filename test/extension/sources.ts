import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');

/** Text of every TypeScript file below a folder of the project, by its path. */
export function sourcesBelow(...folders: string[]): Map<string, string> {
  const sources = new Map<string, string>();
  for (const folder of folders) {
    for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true, recursive: true })) {
      if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
      const file = path.join(entry.parentPath, entry.name);
      sources.set(path.relative(root, file), readFileSync(file, 'utf8'));
    }
  }
  return sources;
}

export const readJson = (file: string): unknown => JSON.parse(readFileSync(path.join(root, file), 'utf8'));
