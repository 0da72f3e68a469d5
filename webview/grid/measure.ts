import { fitWidth } from './columnLayout';

/** Room beside the text of a cell: its padding, and the edge of the head. */
const BESIDE = 22;
/** What a column gets at most before somebody asks for more. */
const MOST_AT_FIRST = 320;

/** How wide texts are, without laying them out. */
export class TextMeasure {
  private readonly canvas = document.createElement('canvas').getContext('2d');

  /** `like`: an element with the font. */
  width(texts: Iterable<string>, like: Element): number {
    if (this.canvas === null) return 0;
    const { fontStyle, fontWeight, fontSize, fontFamily } = getComputedStyle(like);
    this.canvas.font = `${fontStyle} ${fontWeight} ${fontSize} ${fontFamily}`;
    let most = 0;
    for (const text of texts) most = Math.max(most, this.canvas.measureText(text).width);
    return Math.ceil(most);
  }
}

export const columnWidth = (textWidth: number, most = MOST_AT_FIRST): number =>
  fitWidth(Math.min(textWidth + BESIDE, most));
