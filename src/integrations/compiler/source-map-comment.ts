/**
 * The comment that leads to a source map. In two parts: tools that look for the last one in a file
 * of this package would take the text for it.
 */
export const sourceMapComment = (url: string): string =>
  ['//#', `sourceMappingURL=${url}`].join(' ');
