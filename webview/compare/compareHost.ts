import type { CompareHostSide, ComparePageSide } from '../../src/protocol';
import type { Peer } from '../../src/rpc/peer';

/** The extension behind the page that compares. */
export type CompareHost = Peer<ComparePageSide, CompareHostSide>;
