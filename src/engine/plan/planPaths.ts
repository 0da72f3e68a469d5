import { bootstrapPaths } from '../bootstrap/step';
import type { FileStore } from '../storage/byteSource';
import type { Plan } from './plan';

/** The plan with its relative paths seen from the folder that it lies in. What looks like an address is none of them. */
export function planPaths(plan: Plan, folder: string, store: Pick<FileStore, 'join' | 'isAbsolute'>): Plan {
  const at = (path: string): string =>
    /^[a-z][a-z0-9+.-]*:\//i.test(path) || store.isAbsolute(path) ? path : store.join(folder, path);
  return {
    ...plan,
    from: plan.from === null ? null : at(plan.from),
    steps: plan.steps.map((step) => {
      if (step.kind === 'copyOperator') return { ...step, from: at(step.from) };
      return step.kind === 'bootstrap' ? { ...bootstrapPaths(step, at), place: step.place } : step;
    }),
  };
}
