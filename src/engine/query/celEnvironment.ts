import { Environment } from '@marcbachmann/cel-js';

/**
 * CEL's conversions to whole numbers under other names, with as many letters, so that places in messages stay right: the
 * library's own take texts that are no decimal numbers, the empty one for 0, and cannot be replaced.
 */
export const STRICT_NAMES: ReadonlyMap<string, string> = new Map([
  ['int', '_nt'],
  ['uint', '_int'],
]);

const OPTIONS = { unlistedVariablesAreDyn: false, homogeneousAggregateLiterals: false } as const;

const library = new Environment(OPTIONS).registerVariable('x', 'dyn');
const int = library.parse('int(x)');
const uint = library.parse('uint(x)');

/** The language as CEL's specification has it, without variables. `parseCel` knows its names. */
export const celEnvironment = (): Environment =>
  new Environment(OPTIONS)
    .registerFunction('_nt(dyn): int', (x: unknown): unknown => {
      if (typeof x === 'bigint') return x;
      if (typeof x === 'string' && !/^[+-]?\d{1,19}$/.test(x)) throw noNumber('int', x);
      return int({ x: typeof x === 'string' && x.startsWith('+') ? x.slice(1) : x });
    })
    .registerFunction('_int(dyn): uint', (x: unknown): unknown => {
      if (typeof x === 'string' && !/^\d{1,20}$/.test(x)) throw noNumber('uint', x);
      return uint({ x });
    });

const noNumber = (name: string, text: string): Error =>
  new Error(`${name}() type error: ${JSON.stringify(text.slice(0, 60))} is no whole number`);
