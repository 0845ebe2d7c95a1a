/** @returns what reads the colours of the style sheet, for what is drawn. */
export function colors(): (name: string) => string {
  const style = getComputedStyle(document.documentElement);
  return (name) => style.getPropertyValue(name).trim();
}
