/** An element with text or children; null children are left out, so optional elements read in place. */
export interface Element {
  name: string;
  content: string | Child[];
  attributes: Record<string, string>;
}

export type Child = Element | null | Child[];

export function element(
  name: string,
  content: string | Child[],
  attributes: Record<string, string> = {},
): Element {
  return { name, content, attributes };
}

export function xmlDocument(root: Element): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${written(root, '')}`;
}

function written({ name, content, attributes }: Element, indent: string): string {
  const opening = [
    name,
    ...Object.entries(attributes).map(
      ([key, value]) => `${key}="${escaped(value).replaceAll('"', '&quot;')}"`,
    ),
  ];
  const inside =
    typeof content === 'string'
      ? escaped(content)
      : `\n${flat(content)
          .map((child) => written(child, `${indent}  `))
          .join('')}${indent}`;
  return `${indent}<${opening.join(' ')}>${inside}</${name}>\n`;
}

function flat(children: Child[]): Element[] {
  return children.flatMap((child) => (child === null ? [] : Array.isArray(child) ? flat(child) : [child]));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
