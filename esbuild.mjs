import { chmod, cp, rm } from 'node:fs/promises';
import { context } from 'esbuild';

/**
 * Builds dist/: the extension, the engine's thread, the command line and the page. `--production` minifies and leaves out
 * source maps, `--watch` builds again on each change. Any error ends the build with exit code 1.
 */
const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');

const common = {
  bundle: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  legalComments: production ? 'none' : 'inline',
  logLevel: 'info',
};

const node = {
  ...common,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  // Its main file asks for its parts in a way that cannot be bundled.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
};

/** The engine must run without an editor: an import of `vscode` anywhere below these entries is an error. */
const withoutVsCode = {
  name: 'without-vscode',
  setup(build) {
    build.onResolve({ filter: /^vscode$/ }, ({ importer }) => ({
      errors: [{ text: `${importer} imports "vscode", which is not there outside the extension host.` }],
    }));
  },
};

/**
 * Native parts of the database behind the cache, one for each platform of VS Code that has one. Its loader looks for them
 * beside the bundle. Without one (Windows on ARM, Alpine Linux on ARM) what would be cached stays in memory.
 */
const NATIVE = ['darwin-x64+arm64', 'linux-arm', 'linux-arm64', 'linux-x64', 'win32-x64'];
const copyNative = () =>
  Promise.all(
    NATIVE.map((platform) =>
      cp(`node_modules/classic-level/prebuilds/${platform}`, `dist/prebuilds/${platform}`, {
        recursive: true,
        // Of 32-bit ARM the version that VS Code runs on.
        filter: (file) => !file.endsWith('.armv6.node'),
      }),
    ),
  );

const builds = [
  { ...node, entryPoints: ['src/extension.ts'], outfile: 'dist/extension.js', external: ['vscode'] },
  { ...node, entryPoints: ['src/worker/engineWorker.ts'], outfile: 'dist/engineWorker.js', plugins: [withoutVsCode] },
  {
    ...node,
    entryPoints: ['src/cli/main.ts'],
    outfile: 'dist/cli.js',
    plugins: [withoutVsCode],
    banner: { js: '#!/usr/bin/env node' },
  },
  {
    ...common,
    platform: 'browser',
    format: 'iife',
    target: 'chrome128',
    entryPoints: ['webview/main.ts'],
    outfile: 'dist/webview/main.js',
    plugins: [withoutVsCode],
  },
];

// Source maps of an earlier build would not fit.
if (production) await rm('dist', { recursive: true, force: true });
await copyNative();
const contexts = await Promise.all(builds.map((options) => context(options)));
if (watch) {
  await Promise.all(contexts.map((c) => c.watch()));
} else {
  const results = await Promise.allSettled(contexts.map((c) => c.rebuild()));
  await Promise.all(contexts.map((c) => c.dispose()));
  if (results.some((r) => r.status === 'rejected')) process.exit(1);
  await chmod('dist/cli.js', 0o755);
}
