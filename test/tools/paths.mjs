import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
/** Everything that is installed or written for the tests' sake; ignored by git, safe to delete. */
export const hostDir = path.join(root, '.host');
/** One file of counts for each test runner. */
export const resultsDir = path.join(hostDir, 'results');
/** The snapshot that comes with the extension. */
export const sampleDir = path.join(root, 'media/sample');
/** Publisher and name, as VS Code knows the extension. */
export const extensionId = 'savepoint-explorer.savepoint-explorer';
