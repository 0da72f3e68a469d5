import type * as vscode from 'vscode';

/** Owns what it registers, and lets go of it in reverse order. */
export class Disposables implements vscode.Disposable {
  private readonly items: vscode.Disposable[] = [];
  private done = false;

  get isDisposed(): boolean {
    return this.done;
  }

  add<T extends vscode.Disposable>(item: T): T {
    if (this.done) item.dispose();
    else this.items.push(item);
    return item;
  }

  dispose(): void {
    this.done = true;
    for (let item = this.items.pop(); item !== undefined; item = this.items.pop()) item.dispose();
  }
}
