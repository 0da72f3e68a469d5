import { EngineError } from '../engine/bytes/engineError';
import { printJson } from '../engine/json/printJson';
import { applyPlan } from '../engine/plan/applyPlan';
import type { Plan } from '../engine/plan/plan';
import { countRows, preparePlan } from '../engine/plan/preparePlan';
import type { PlanProof } from '../engine/plan/provePlan';
import { planReport } from '../engine/plan/reportPlan';
import { nodeFileStore } from '../engine/storage/nodeFileStore';
import { createOutputFolder } from '../engine/storage/nodeOutputFolder';
import { PROGRAM } from '../program';
import { keyedThreads } from '../threads/keyedThreads';
import type { CommandContext } from './command';
import { errorText } from './errorText';
import { inOptions, type OptionNames } from './optionPlan';
import { planJson, planLines } from './planReport';
import { printable } from './printable';
import { progressOn } from './progress';

export interface RunOptions {
  /** Null: a dry run. */
  out: string | null;
  json: boolean;
  /** Whether every file is copied, though it could be shared with the source. */
  copies?: boolean;
}

/** A plan and its text as it was given, which is kept beside the result. */
export interface GivenPlan {
  plan: Plan;
  text: string;
  /** Where it was made of options: what these are called. */
  options?: OptionNames;
}

/** Runs a plan and tells what it changes and what was proved. Exit code 1 where it is refused or a proof failed. */
export async function runPlan(
  given: GivenPlan,
  { out, json, copies }: RunOptions,
  context: CommandContext,
): Promise<number> {
  const threads = keyedThreads(__filename);
  try {
    const prepared = await preparePlan(given.plan, nodeFileStore, {
      signal: context.signal,
      threads,
      counts: out === null,
    });
    try {
      let proof: PlanProof | null = null;
      let path: string | null = null;
      if (out !== null) {
        const output = await createOutputFolder(out);
        const progress = progressOn(context.err);
        proof = await applyPlan(prepared, output, nodeFileStore, {
          signal: context.signal,
          threads,
          copies,
          progress: progress.show,
          record: { program: PROGRAM, plan: given.text },
        });
        progress.end();
        path = output.path;
      }
      if (out === null) await countRows(prepared, context.signal);
      const report = planReport(prepared);
      if (json) await context.out(`${printJson(planJson(report, path, proof))}\n`);
      else {
        const lines = planLines(report, given.options === undefined);
        await context.out(`${asText(lines, path, proof).map(printable).join('\n')}\n`);
      }
      return 0;
    } finally {
      await prepared.close();
    }
  } catch (e) {
    if (!(e instanceof EngineError)) throw e;
    const error = given.options === undefined ? e : inOptions(e, given.options);
    if (error.code !== 'REFUSED' && error.code !== 'CHECKSUM') throw error;
    context.err(errorText(error));
    return 1;
  }
}

function asText(lines: string[], path: string | null, proof: PlanProof | null): string[] {
  if (proof === null) return [...lines, 'Nothing was written.'];
  return [
    ...lines,
    `${path}`,
    `read back: ${proof.operators} operators, ${proof.carriedBytes} bytes of files and ${proof.keyGroupBytes} of key groups the same as in the source, ` +
      `${proof.entries} entries written anew and the key group of ${proof.keysChecked} proved from their keys, ` +
      `${proof.statesUntouched} states the same as in the source`,
  ];
}
