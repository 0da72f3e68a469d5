import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';

/** One import of one source file. */
export interface Import {
  /** Path of the importing file below the root, with `/`. */
  file: string;
  /** A package or built-in module as it is named, or a path below the root without its extension. */
  target: string;
  /** `import type`: nothing of it is left at run time. `import { type A }` still loads the module. */
  typeOnly: boolean;
}

// `import x from '…'`, `import '…'`, `export … from '…'`, `import('…')`, `require('…')`. Statements start at a line's
// beginning, as the formatter writes them, so that words in comments and strings do not count.
const STATEMENT = /^(?:import|export)\b(?<type>\s+type\b)?(?:[^'";]*?\bfrom)?\s*['"](?<from>[^'"]+)['"]/gm;
const CALL = /\b(?:import|require)\(\s*['"](?<from>[^'"]+)['"]\s*\)/g;

/** Every import that stands in the text of a file. */
export function importsOf(file: string, text: string): Import[] {
  const found: Import[] = [];
  const add = (from: string | undefined, typeOnly: boolean) => {
    if (from !== undefined) found.push({ file, target: resolve(file, from), typeOnly });
  };
  for (const match of text.matchAll(STATEMENT)) {
    add(match.groups?.['from'], match.groups?.['type'] !== undefined);
  }
  for (const match of text.matchAll(CALL)) add(match.groups?.['from'], false);
  return found;
}

function resolve(file: string, from: string): string {
  if (!from.startsWith('.')) return from;
  return path.posix.join(path.posix.dirname(file), from).replace(/\.(ts|js)$/, '');
}

/** Paths below `root`, with `/`, of the TypeScript files in its folder `folder`. */
export function sourcesIn(root: string, folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => path.posix.join(folder, name.split(path.sep).join('/')))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts') && !name.includes('node_modules/'))
    .sort();
}

export function readImports(root: string, folder: string): Import[] {
  return sourcesIn(root, folder).flatMap((file) => importsOf(file, readFileSync(path.join(root, file), 'utf8')));
}
