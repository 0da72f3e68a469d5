// code-server as a library: started on a free port of loopback, with folders of its own, ended without a trace.
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { run, runOrThrow, sleep, start, temporaryFolder } from '../tools/processes.mjs';
import { installServer } from './install.mjs';

const SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.reduceMotion': 'on',
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
};

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const answers = (url) =>
  new Promise((resolve) => {
    const request = http.get(url, { timeout: 2000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });

/** The environment of the server and so of the extension host: nothing of the user's own VS Code, no gallery. */
function serverEnvironment(home, node, extra) {
  const env = { ...process.env };
  for (const name of Object.keys(env)) {
    if (/^(VSCODE_|CODE_SERVER_|ELECTRON_|PASSWORD|HASHED_PASSWORD|NODE_OPTIONS|NODE_TEST_CONTEXT|npm_)/.test(name)) {
      delete env[name];
    }
  }
  return {
    ...env,
    HOME: home,
    XDG_CONFIG_HOME: path.join(home, 'config'),
    XDG_DATA_HOME: path.join(home, 'data'),
    PATH: path.dirname(node) + path.delimiter + process.env.PATH,
    EXTENSIONS_GALLERY: '{"serviceUrl":"","itemUrl":"","resourceUrlTemplate":""}',
    ...extra,
  };
}

/**
 * Root reads every file, whatever its mode says. Without these two capabilities it is like everybody else, so that a
 * file that may not be read can be tested. Null where that cannot be done.
 */
export async function withoutPrivileges(node) {
  if (process.platform === 'win32') return null;
  if (process.getuid() !== 0) return [node];
  const command = ['setpriv', '--bounding-set=-dac_override,-dac_read_search', node];
  const { code } = await run(command[0], [...command.slice(1), '--version'], { quiet: true, timeout: 10_000 });
  return code === 0 ? command : null;
}

/**
 * Starts a server. `vsix`: packages to install. `development`: pages may load an extension from its folder; VS Code then
 * shows no notification toasts, so it is off where people look. `idleSeconds` ends a server that nobody looks at, for
 * the case that this process is killed.
 */
export async function startServer({ vsix = [], settings = {}, env = {}, development = false, idleSeconds = 300 } = {}) {
  const { node, entry } = await installServer();
  const home = temporaryFolder('savepoint-explorer-host');
  const place = (name) => path.join(home.path, name);
  fs.mkdirSync(place('user/User'), { recursive: true });
  fs.mkdirSync(place('extensions'));
  fs.writeFileSync(place('config.yaml'), 'auth: none\n');
  fs.writeFileSync(place('user/User/settings.json'), JSON.stringify({ ...SETTINGS, ...settings }));
  const folders = [
    ['--config', place('config.yaml')],
    ['--user-data-dir', place('user')],
    ['--extensions-dir', place('extensions')],
  ].flat();
  const options = { env: serverEnvironment(home.path, node, env), cwd: home.path };
  try {
    for (const file of vsix)
      await runOrThrow(node, [entry, ...folders, '--install-extension', file], { ...options, timeout: 60_000 });
  } catch (error) {
    home.remove();
    throw error;
  }

  const port = await freePort();
  const args = [
    ...folders,
    ...['--bind-addr', `127.0.0.1:${port}`, '--auth', 'none'],
    ...['--disable-telemetry', '--disable-update-check', '--disable-workspace-trust'],
    ...['--disable-getting-started-override', '--disable-proxy', '--ignore-last-opened'],
    // The extension hosts of closed pages would live on for three hours.
    ...['--reconnection-grace-time', '1'],
    ...(idleSeconds > 0 ? ['--idle-timeout-seconds', String(idleSeconds)] : []),
    // Without this flag a released VS Code takes no development extension from the page's address.
    ...(development ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
  ];
  const [command, ...before] = (await withoutPrivileges(node)) ?? [node];
  const program = start(command, [...before, entry, ...args], options);
  let log = '';
  for (const stream of [program.child.stdout, program.child.stderr]) {
    stream.on('data', (data) => {
      log = (log + data).slice(-100_000);
    });
  }
  const stop = async () => {
    await program.stop();
    home.remove();
  };
  let ended = false;
  void program.closed.then(() => {
    ended = true;
  });
  const origin = `http://127.0.0.1:${port}`;
  for (const end = Date.now() + 60_000; !(await answers(`${origin}/healthz`)); await sleep(50)) {
    if (ended || Date.now() > end) {
      await stop();
      throw new Error(`code-server did not start:\n${log}`);
    }
  }
  return { origin, authority: `127.0.0.1:${port}`, user: place('user'), closed: program.closed, log: () => log, stop };
}

const remoteUri = (server, file) =>
  `vscode-remote://${server.authority}${path.resolve(file).split('/').map(encodeURIComponent).join('/')}`;

/** The address of a window: a folder, optionally with a file opened, an extension under development and its tests. */
export function windowAddress(server, { folder, file, extensionDevelopmentPath, extensionTestsPath }) {
  const payload = [];
  if (file !== undefined) payload.push(['openFile', remoteUri(server, file)]);
  if (extensionDevelopmentPath !== undefined) {
    payload.push(['extensionDevelopmentPath', remoteUri(server, extensionDevelopmentPath)]);
  }
  if (extensionTestsPath !== undefined) payload.push(['extensionTestsPath', remoteUri(server, extensionTestsPath)]);
  const query = new URLSearchParams({ folder: path.resolve(folder) });
  if (payload.length > 0) query.set('payload', JSON.stringify(payload));
  return `${server.origin}/?${query}`;
}
