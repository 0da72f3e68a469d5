import { EngineError } from '../src/engine/bytes/engineError';
import { ComparePage } from './compare/comparePage';
import { connect } from './connection';
import { Page } from './page/page';
import { ReportPage } from './report/reportPage';
import { registerToolkit } from './ui/toolkit';
import './style/page.css';
import './style/grid.css';
import './style/counted.css';
import './style/dataGrid.css';
import './style/entries.css';
import './style/popup.css';
import './style/report.css';
import './style/compare.css';

registerToolkit();

const api = acquireVsCodeApi();
const root = document.getElementById('page');
if (root === null) throw new Error('The page has no root.');

const page = pageOf(root);
window.addEventListener('error', (event) => page.defect(event.error ?? event.message));
window.addEventListener('unhandledrejection', (event) => page.defect(event.reason));
void page.start();

function pageOf(root: HTMLElement): Page | ReportPage | ComparePage {
  switch (root.dataset['page']) {
    case 'snapshot':
      return new Page(root, api, (listeners) => connect(api, listeners));
    case 'compare':
      return new ComparePage(root, api, (listeners) => connect(api, listeners));
    case 'report':
      return new ReportPage(root, (listeners) => connect(api, listeners));
    default:
      throw new EngineError('INTERNAL', `There is no page "${root.dataset['page']}".`);
  }
}
