import { findNodeAtLocation, findNodeAtOffset, type JSONPath, type Node, parseTree } from 'jsonc-parser';

/** One step of a plan as it stands in the text, finished or not. */
export interface StepNode {
  index: number;
  node: Node;
  /** Of the first field; null where there is none yet. */
  name: string | null;
  content: Node | null;
}

/** A plan as people type it: whatever of it can be understood, and where it stands. Never fails. */
export class PlanTree {
  readonly root: Node | undefined;
  readonly steps: readonly StepNode[];

  constructor(readonly text: string) {
    this.root = parseTree(text, [], { allowTrailingComma: true });
    this.steps = (this.at(['steps'])?.children ?? []).map((node, index) => {
      const [first] = node.children ?? [];
      const [key, content] = first?.children ?? [];
      return { index, node, name: typeof key?.value === 'string' ? key.value : null, content: content ?? null };
    });
  }

  /** What stands at a path, such as `['steps', 0, 'put', 'key']`. */
  at(path: JSONPath): Node | undefined {
    return this.root === undefined ? undefined : findNodeAtLocation(this.root, path);
  }

  /** The innermost part around an offset. */
  around(offset: number): Node | undefined {
    return this.root === undefined ? undefined : findNodeAtOffset(this.root, offset, true);
  }

  string(path: JSONPath): string | null {
    const value: unknown = this.at(path)?.value;
    return typeof value === 'string' && value !== '' ? value : null;
  }

  /** The snapshot that the plan starts from. */
  get from(): string | null {
    return this.string(['from']);
  }

  /** Every snapshot that the plan names, each once. */
  get snapshots(): string[] {
    const named = new Set<string>();
    const look = (node: Node | undefined): void => {
      if (node?.type === 'property') {
        const [key, value] = node.children ?? [];
        if (key?.value === 'from' && typeof value?.value === 'string' && value.value !== '') named.add(value.value);
      }
      for (const child of node?.children ?? []) look(child);
    };
    // A value that is put may have a field of any name.
    look(this.at(['from'])?.parent);
    for (const { content, name } of this.steps)
      if (name === 'copyOperator' || name === 'bootstrap') look(content ?? undefined);
    return [...named];
  }
}
