/**
 * Every identifier that stands both in `package.json` and in code. A test compares the two, so that neither side can
 * name something that the other does not have.
 */
export const EXTENSION_NAME = 'Savepoint Explorer';

/** View type of the custom editor; also the `webviewId` of its context menus. */
export const EDITOR_VIEW_TYPE = 'savepointExplorer.snapshot';

/** Scheme of the documents that show a value. */
export const VALUE_SCHEME = 'savepoint-value';

/** View type of the page that a dry run opens. */
export const REPORT_VIEW_TYPE = 'savepointExplorer.report';

/** View type of the page that compares two snapshots. */
export const COMPARE_VIEW_TYPE = 'savepointExplorer.comparison';

/** What the name of a plan file ends with. */
export const PLAN_SUFFIX = '.savepoint-plan.json';

export const TREE_VIEW = 'savepointExplorer.snapshots';

export const WALKTHROUGH = 'savepointExplorer.start';

export const COMMANDS = {
  openSnapshot: 'savepointExplorer.openSnapshot',
  openSample: 'savepointExplorer.openSample',
  openResource: 'savepointExplorer.openResource',
  openInEditor: 'savepointExplorer.openInEditor',
  showEntries: 'savepointExplorer.showEntries',
  exportRows: 'savepointExplorer.exportRows',
  copySelection: 'savepointExplorer.copySelection',
  copySelectionJson: 'savepointExplorer.copySelectionJson',
  copySelectionCsv: 'savepointExplorer.copySelectionCsv',
  copyEntryRow: 'savepointExplorer.copyEntryRow',
  bootstrap: 'savepointExplorer.bootstrap',
  modify: 'savepointExplorer.modify',
  modifyEntry: 'savepointExplorer.modifyEntry',
  rescale: 'savepointExplorer.rescale',
  nameOperator: 'savepointExplorer.nameOperator',
  verify: 'savepointExplorer.verify',
  compare: 'savepointExplorer.compare',
  compareWith: 'savepointExplorer.compareWith',
  selectForCompare: 'savepointExplorer.selectForCompare',
  compareWithSelected: 'savepointExplorer.compareWithSelected',
  copySnapshot: 'savepointExplorer.copySnapshot',
  dryRunPlan: 'savepointExplorer.dryRunPlan',
  runPlan: 'savepointExplorer.runPlan',
  addPlanStep: 'savepointExplorer.addPlanStep',
  clearCache: 'savepointExplorer.clearCache',
  refresh: 'savepointExplorer.refresh',
  copyName: 'savepointExplorer.copyName',
  copyUid: 'savepointExplorer.copyUid',
  copyOperatorId: 'savepointExplorer.copyOperatorId',
  copyType: 'savepointExplorer.copyType',
  copyPath: 'savepointExplorer.copyPath',
  revealInExplorer: 'savepointExplorer.revealInExplorer',
  reopenWith: 'savepointExplorer.reopenWith',
  openLogs: 'savepointExplorer.openLogs',
  reportIssue: 'savepointExplorer.reportIssue',
} as const;

export const CONFIGURATION = 'savepointExplorer';

export const SETTINGS = {
  sizeUnits: 'sizeUnits',
  timeZone: 'timeZone',
  countUpTo: 'countUpTo',
  cacheSize: 'cacheSize',
  findOperatorNames: 'findOperatorNames',
  operatorNames: 'operatorNames',
  decoders: 'decoders',
  wantedParallelism: 'wantedParallelism',
  memoryLimit: 'memoryLimit',
} as const;

export const CONTEXT_KEYS = {
  /** Why the tree is as it is: one of `TreeCondition`. */
  tree: 'savepointExplorer.tree',
  /** A snapshot is selected to be compared with another. */
  isSelectedForCompare: 'savepointExplorer.isSelectedForCompare',
  /** Steps of the walkthrough that are taken in a page. */
  sawEntries: 'savepointExplorer.sawEntries',
  verified: 'savepointExplorer.verified',
} as const;

/** Values of the context key that chooses the tree's welcome text. */
export type TreeCondition = 'searching' | 'empty' | 'failed' | 'filled';
