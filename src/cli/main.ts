import { parentPort, workerData } from 'node:worker_threads';
import { asEngineError } from '../engine/bytes/engineError';
import type { Share } from '../engine/shares';
import { isDiffThread, runDiffThread } from '../threads/diffThreads';
import { isKeyedThread, runKeyedThread } from '../threads/keyedThreads';
import { runInThread } from '../threads/runInThread';
import { isStatsThread, runStatsThread } from '../threads/statsThreads';
import { tuneCollector } from '../threads/tuneCollector';
import { isVerifyThread, runVerifyThread } from '../threads/verifyThreads';
import { apply, plan } from './apply';
import { bootstrap } from './bootstrap';
import type { Command, CommandContext } from './command';
import { copy } from './copy';
import { decodeCommand } from './decodeCommand';
import { diff } from './diff';
import { dump } from './dump';
import { errorText } from './errorText';
import { inspect } from './inspect';
import { modify, rescale } from './modify';
import { raw } from './raw';
import { stats } from './stats';
import type { ShareResult } from './threads/messages';
import { startTask } from './threads/shareThread';
import { USAGE, UsageError } from './usage';
import { verify } from './verify';

const commands: Readonly<Record<string, Command>> = {
  inspect,
  dump,
  verify,
  raw,
  copy,
  plan,
  apply,
  modify,
  bootstrap,
  rescale,
  stats,
  diff,
  decode: decodeCommand,
};

/** Exit codes, fixed because scripts hang on them. */
const EXIT = { done: 0, wrongUsage: 2, badInput: 3, interrupted: 130, terminated: 143 } as const;

async function main(args: string[]): Promise<number> {
  const [name, ...rest] = args;
  const isHelp = (word: string): boolean => word === '--help' || word === '-h';
  if (name === undefined || name === 'help' || args.some(isHelp)) {
    process.stdout.write(USAGE);
    return name === undefined ? EXIT.wrongUsage : EXIT.done;
  }
  tuneCollector();
  const interrupted = new AbortController();
  // Ctrl+C, and what schedulers of jobs send before they kill: both leave nothing behind. A second one ends it at once.
  process.once('SIGINT', () => interrupted.abort(EXIT.interrupted));
  process.once('SIGTERM', () => interrupted.abort(EXIT.terminated));
  const context: CommandContext = {
    out: (text) => new Promise((resolve) => process.stdout.write(text, () => resolve())),
    err: (text) => process.stderr.write(text),
    signal: interrupted.signal,
  };
  try {
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command === undefined) throw new UsageError(`There is no command '${name}'.`);
    return await command(rest, context);
  } catch (e) {
    if (e instanceof UsageError) {
      context.err(`${e.message}\nTry 'savepoint --help'.\n`);
      return EXIT.wrongUsage;
    }
    const error = asEngineError(e);
    if (error.code === 'CANCELLED')
      return interrupted.signal.reason === EXIT.terminated ? EXIT.terminated : EXIT.interrupted;
    context.err(errorText(error));
    if (error.code === 'INTERNAL' && process.env['SAVEPOINT_DEBUG'] !== undefined) context.err(`${error.stack}\n`);
    return EXIT.badInput;
  }
}

// A reader that has seen enough (`| head`) closes the pipe: that is no failure of ours.
process.stdout.on('error', (e: NodeJS.ErrnoException) => {
  if (e.code === 'EPIPE') process.exit(EXIT.done);
  throw e;
});

if (parentPort === null) {
  main(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  });
} else if (isDiffThread(workerData)) {
  runDiffThread(parentPort, workerData);
} else if (isKeyedThread(workerData)) {
  runKeyedThread(parentPort, workerData);
} else if (isStatsThread(workerData)) {
  runStatsThread(parentPort, workerData);
} else if (isVerifyThread(workerData)) {
  runVerifyThread(parentPort, workerData);
} else {
  runInThread<Share, ShareResult, ArrayBuffer>(parentPort, (send) => startTask(workerData, send));
}
