// Loaded before the command line (`node --require`): counts what it does to files below one folder, and lets one of these operations
// fail, or ends the process at it. FAULT is JSON: { below, at, how, victim, report }.
//   how: kill (SIGKILL), an error code (this and all later writes fail with it), or a change to the file `victim`, made then:
//        truncate, delete, change, replace
//   report: a file that gets the number of operations when the process ends by itself
const fs = require('node:fs');
const path = require('node:path');
const promises = require('node:fs/promises');

const fault = JSON.parse(process.env.FAULT);
const below = path.resolve(fault.below);
let count = 0;

const isBelow = (file) => typeof file === 'string' && (file === below || file.startsWith(below + path.sep));

/** To be called before each operation; `frees`: it gives space back, and so does not fail for want of it. */
function step(frees) {
  const now = count++;
  if (now === fault.at) meddle();
  if (fault.how.startsWith('E') && now >= fault.at && !frees) {
    throw Object.assign(new Error(`${fault.how}: injected, ${fault.how}`), { code: fault.how });
  }
}

function meddle() {
  const { how, victim } = fault;
  if (how === 'kill') process.kill(process.pid, 'SIGKILL');
  if (how === 'delete') unpatched.rmSync(victim);
  if (how === 'truncate') unpatched.truncateSync(victim, Math.floor(unpatched.statSync(victim).size / 2));
  if (how === 'change') {
    const bytes = unpatched.readFileSync(victim);
    bytes[Math.floor(bytes.length / 2)] ^= 0xff;
    unpatched.writeFileSync(victim, bytes);
  }
  if (how === 'replace') {
    const bytes = unpatched.readFileSync(victim);
    unpatched.rmSync(victim);
    unpatched.writeFileSync(victim, bytes.reverse());
  }
}

const unpatched = { ...fs };

function patch(module, name, file, { frees = false, wrap = (result) => result } = {}) {
  const original = module[name];
  module[name] = (...args) => {
    const isOurs = isBelow(file(args));
    if (!isOurs) return original(...args);
    if (module === promises) {
      return (async () => {
        step(frees);
        return wrap(await original(...args));
      })();
    }
    step(frees);
    return wrap(original(...args));
  };
}

const first = (args) => args[0];
const second = (args) => args[1];
const WRITING = fs.constants.O_WRONLY | fs.constants.O_RDWR;
const toWrite = ([file, flags = 'r']) =>
  (typeof flags === 'number' ? (flags & WRITING) !== 0 : flags !== 'r') ? file : undefined;

/** A file that is open for writing: its own operations count too. */
function watched(handle) {
  for (const name of ['write', 'sync', 'close']) {
    const original = handle[name].bind(handle);
    handle[name] = async (...args) => {
      step(name === 'close');
      return original(...args);
    };
  }
  return handle;
}

patch(promises, 'open', toWrite, { wrap: watched });
for (const name of ['mkdir', 'truncate']) patch(promises, name, first);
for (const name of ['link', 'copyFile', 'rename']) patch(promises, name, second);
for (const name of ['rm', 'rmdir', 'unlink']) patch(promises, name, first, { frees: true });

const descriptors = new Set();
patch(fs, 'openSync', toWrite, {
  wrap: (descriptor) => {
    descriptors.add(descriptor);
    return descriptor;
  },
});
for (const [name, frees] of [
  ['writeSync', false],
  ['closeSync', true],
]) {
  const original = fs[name];
  fs[name] = (descriptor, ...args) => {
    if (descriptors.has(descriptor)) step(frees);
    if (name === 'closeSync') descriptors.delete(descriptor);
    return original(descriptor, ...args);
  };
}

if (fault.report !== undefined) process.on('exit', () => unpatched.writeFileSync(fault.report, String(count)));
