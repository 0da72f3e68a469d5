import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const read = (name: string): unknown => JSON.parse(readFileSync(path.join(root, name), 'utf8'));

const manifest = read('package.json') as Record<'dependencies' | 'devDependencies', Record<string, string>>;
const { packages } = read('package-lock.json') as {
  packages: Record<string, { version?: string; optionalDependencies?: Record<string, string> }>;
};

describe('dependencies', () => {
  it('are pinned to one version each', () => {
    const all = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(all.length).toBeGreaterThan(5);
    expect(all.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  });

  // A registry that does not serve the packages of other platforms makes npm write a lock file without them, and
  // `npm ci` then refuses that file everywhere.
  it('for other platforms are in the lock file too', () => {
    const wanted = Object.entries(packages).flatMap(([at, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).map((name) => ({ at, name })),
    );
    expect(wanted.length).toBeGreaterThan(0);
    const isThere = ({ at, name }: { at: string; name: string }) =>
      [`${at}/node_modules/${name}`, `node_modules/${name}`].some((place) => packages[place]?.version !== undefined);
    expect(wanted.filter((want) => !isThere(want))).toEqual([]);
  });
});
