import type { TypeFamily } from '../../family';
import { tableCollectionsFamily } from './collections';
import { dataTypesFamily } from './dataTypes';
import { externalFamily } from './external';
import { rowDataFamily } from './rowData';
import { tableOperatorsFamily } from './windows';

const FAMILIES = [dataTypesFamily, rowDataFamily, externalFamily, tableCollectionsFamily, tableOperatorsFamily];

/** All of SQL's types. */
export const tableFamily: TypeFamily = {
  snapshots: Object.assign({}, ...FAMILIES.map((family) => family.snapshots)),
  serializers: Object.assign({}, ...FAMILIES.map((family) => family.serializers)),
};
