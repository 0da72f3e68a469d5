/**
 * JSON with its numbers exact: an integer without fraction or exponent is a `bigint`, any other number a `number`.
 * An object is a `Map`, so that fields keep their order and no name is special.
 */
export type Json = null | boolean | bigint | number | string | Json[] | Map<string, Json>;
