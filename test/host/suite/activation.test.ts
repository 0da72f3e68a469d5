import * as assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';

const ID = 'savepoint-explorer.savepoint-explorer';

describe('activation', () => {
  it('the extension is there, and sleeps until it is needed', () => {
    const extension = vscode.extensions.getExtension(ID);
    assert.ok(extension, `${ID} is not there`);
    assert.equal(extension.isActive, false);
  });
});
