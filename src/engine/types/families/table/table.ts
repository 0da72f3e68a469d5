import type { TypeFamily } from '../../family';
import { tableCollectionsFamily } from './collections';
import { dataTypesFamily } from './dataTypes';
import { externalFamily } from './external';
import { pythonFamily } from './python';
import { rowDataFamily } from './rowData';
import { tableOperatorsFamily } from './windows';

const FAMILIES = [
  dataTypesFamily,
  rowDataFamily,
  externalFamily,
  tableCollectionsFamily,
  tableOperatorsFamily,
  pythonFamily,
];

/** All of SQL's types, and the one of PyFlink. */
export const tableFamily: TypeFamily = {
  snapshots: Object.assign({}, ...FAMILIES.map((family) => family.snapshots)),
  serializers: Object.assign({}, ...FAMILIES.map((family) => family.serializers)),
};
