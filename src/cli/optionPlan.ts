import { EngineError } from '../engine/bytes/engineError';
import type { Json } from '../engine/json/jsonValue';
import { printJson } from '../engine/json/printJson';
import { readPlan } from '../engine/plan/readPlan';
import type { GivenPlan } from './runPlan';
import { UsageError } from './usage';

/**
 * Options by the part of a step that they become, `states / [0] / name`, where that is not called as they are, or lies inside of
 * another part.
 */
export type OptionNames = Readonly<Record<string, string>>;

const FILE = 'the command line';

/**
 * A plan made of options, read as a plan file is, so that they are checked by the same rules. Nobody sees its text: what does
 * not fit is a `UsageError` that names the option.
 */
export function optionPlan(plan: Record<string, Json | undefined>, options: OptionNames): GivenPlan {
  const text = printJson(fields(plan));
  try {
    return { plan: readPlan(text, FILE), text, options };
  } catch (e) {
    if (!(e instanceof EngineError) || e.file !== FILE) throw e;
    throw new UsageError(inWords(e, options));
  }
}

function inWords({ message, hint }: EngineError, options: OptionNames): string {
  const [, path = '', what = message] = /^([\w[\].]+): (.*)$/s.exec(message) ?? [];
  const parts = path.replaceAll('[', '.[').split('.');
  const inStep = path === '' ? [] : parts[0] === 'steps' ? parts.slice(3) : parts;
  const option = optionOf(inStep, options);
  const said = what.replaceAll(/"(\w+)"(?= is missing| or | and | are )|(?<=\(or )"(\w+)"/g, (_all, one, other) =>
    optionOf([...inStep, one ?? other], options),
  );
  return [option === '' || said.includes(option) ? said : `${option}: ${said}`, hint].filter(Boolean).join(' ');
}

/** An error of running such a plan, which names the option where it named a place in the plan's text. */
export function inOptions(e: EngineError, options: OptionNames): EngineError {
  const found = /^line 1, column \d+(?: \/ (.*))?$/s.exec(e.where ?? '');
  if (found === null) return e;
  const { code, message, file, offset, hint } = e;
  const where = found[1] === undefined ? undefined : optionOf(found[1].split(' / '), options);
  return new EngineError(code, message, { file, where, offset, hint });
}

/** `value / updatedAt` is `--put / updatedAt`. */
function optionOf(path: readonly string[], options: OptionNames): string {
  for (let length = path.length; length > 0; length--) {
    const option = options[path.slice(0, length).join(' / ')];
    if (option !== undefined) return [option, ...path.slice(length)].join(' / ');
  }
  const [first, ...inner] = path;
  return first === undefined ? '' : [optionName(first), ...inner].join(' / ');
}

/** `mapKey` is `--map-key`. */
export const optionName = (field: string): string =>
  `--${field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** What is given of fields of a plan. */
export function fields(all: Record<string, Json | undefined>): Map<string, Json> {
  const given = new Map<string, Json>();
  for (const [name, value] of Object.entries(all)) if (value !== undefined) given.set(name, value);
  return given;
}

export function numberOption(name: string, given: string | undefined): Json | undefined {
  if (given === undefined) return undefined;
  if (!/^\d{1,19}$/.test(given)) throw new UsageError(`${name} takes a whole number, found '${given}'.`);
  return BigInt(given);
}
