import type { Span } from '../../engine/types/codecTrace';
import { jobsClassesIn, spellType, type TypeInfo } from '../../engine/types/typeInfo';
import type { ValueNode } from '../../view/shownEntries';
import { visible } from '../../view/visibleText';
import { bytesText, cellOf, cutAt } from './cellText';
import { MapKey, shapeOf } from './shape';
import type { TimeZone } from './timeZone';

/** Nodes of one tree: more are a wall, and a value may have millions. */
const MAX_NODES = 2000;
/** Children of one node. */
const MAX_CHILDREN = 500;
const MAX_DEPTH = 40;
/** Characters of all texts of a tree. */
const MAX_TEXT = 1_000_000;
const MAX_TYPE = 160;

/**
 * A value as a tree, as far as somebody could look at it. `span` says which bytes the value was read from, `base` where those of
 * its part begin; null where nobody knows.
 */
export function valueTree(
  value: unknown,
  type: TypeInfo | undefined,
  zone: TimeZone,
  span: Span | null = null,
  base = 0,
): ValueNode {
  return new TreeBuilder(zone, base).node(null, value, type, 0, span);
}

class TreeBuilder {
  private nodes = 0;
  private characters = 0;

  constructor(
    private readonly zone: TimeZone,
    private readonly base: number,
  ) {}

  node(label: string | null, value: unknown, type: TypeInfo | undefined, depth: number, span: Span | null): ValueNode {
    this.nodes++;
    const shape = shapeOf(value, type, this.zone);
    const common = {
      label,
      type: typeText(type),
      ...(type?.chosenFor !== undefined && { chosenFor: type.chosenFor }),
      bytes: span === null ? null : { from: span.from - this.base, to: span.to - this.base },
      children: [] as ValueNode[],
      more: 0,
    };
    if (shape.is === 'bytes') {
      const text = bytesText(shape.bytes);
      if (shape.why === null) return { ...common, look: 'bytes', text, cut: false, hint: null };
      const undecoded = type === undefined ? [] : jobsClassesIn(type);
      return { ...common, look: 'opaque', text, cut: false, hint: shape.why, undecoded };
    }
    if (shape.is === 'leaf') return { ...common, look: shape.look, ...this.text(shape.text), hint: shape.hint };
    const { count } = shape;
    if (depth < MAX_DEPTH) {
      const spans = new SpansInOrder(span, value);
      for (let i = 0; i < Math.min(count, MAX_CHILDREN) && this.nodes < MAX_NODES; i++) {
        const { label, value, type } = shape.part(i);
        if (label instanceof MapKey) spans.next(label.key);
        const name = label instanceof MapKey ? keyText(label, this.zone) : visible(label);
        common.children.push(this.node(name, value, type, depth + 1, spans.next(value)));
      }
    }
    const text = shape.is === 'record' ? '' : `[${count}]`;
    return { ...common, look: 'composite', text, cut: false, hint: shape.hint, more: count - common.children.length };
  }

  private text(text: string): { text: string; cut: boolean } {
    const left = MAX_TEXT - this.characters;
    this.characters += Math.min(left, text.length);
    return text.length <= left ? { text, cut: false } : { text: cutAt(text, left), cut: true };
  }
}

/** The spans of a value's parts, which are read in the order in which they are shown; some parts have none. */
class SpansInOrder {
  private readonly spans: readonly Span[];
  private at = 0;

  constructor(span: Span | null, value: unknown) {
    let inner = span;
    // A codec around another reads the same value.
    for (let only = inner?.children[0]; inner?.children.length === 1 && Object.is(only?.value, value); ) {
      inner = only ?? null;
      only = inner?.children[0];
    }
    this.spans = inner?.children ?? [];
  }

  /** The span that a part was read from; null where it has none. */
  next(part: unknown): Span | null {
    for (let i = this.at; i < this.spans.length; i++) {
      const span = this.spans[i];
      if (span === undefined || !Object.is(span.value, part)) continue;
      this.at = i + 1;
      return span;
    }
    return null;
  }
}

function keyText({ key, type }: MapKey, zone: TimeZone): string {
  const { look, text } = cellOf(key, type, zone);
  return look === 'empty' ? '""' : text;
}

function typeText(type: TypeInfo | undefined): string | null {
  if (type === undefined) return null;
  const { fields: _, ...head } = type;
  const spelled = spellType(head);
  return spelled.length <= MAX_TYPE ? spelled : `${cutAt(spelled, MAX_TYPE)}…`;
}
