import { connect } from './connection';
import { Page } from './page/page';
import { registerToolkit } from './ui/toolkit';
import './style/page.css';
import './style/grid.css';
import './style/entries.css';

registerToolkit();

const api = acquireVsCodeApi();
const root = document.getElementById('page');
if (root === null) throw new Error('The page has no root.');

const page = new Page(root, api, (listeners) => connect(api, listeners));
window.addEventListener('error', (event) => page.defect(event.error ?? event.message));
window.addEventListener('unhandledrejection', (event) => page.defect(event.reason));
void page.start();
