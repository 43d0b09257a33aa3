/** HTML as our pages write it: every element ended, every attribute in double quotes. Nothing else is understood. */
const TAG = /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-z][a-z0-9-]*(?:="[^"]*")?)*)\s*(\/?)>|<!doctype html>/gi;
const ATTRIBUTE = /([a-z][a-z0-9-]*)(?:="([^"]*)")?/gi;
const VOID = new Set(["meta", "link", "input", "br"]);
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };

export class Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: (Element | string)[] = [];

  constructor(name: string, attributes: ReadonlyMap<string, string>) {
    this.name = name;
    this.attributes = attributes;
  }

  get(attribute: string): string | undefined {
    return this.attributes.get(attribute);
  }

  /** What is written in it, entities read and white space as it is. */
  get text(): string {
    return this.children.map((child) => (typeof child === "string" ? child : child.text)).join("");
  }

  /** Every element below of this name, in their order. */
  all(name: string): readonly Element[] {
    return this.within().filter((element) => element.name === name);
  }

  /** The first of them. */
  first(name: string): Element {
    const [found] = this.all(name);
    if (found === undefined) throw new Error(`there is no <${name}>`);
    return found;
  }

  within(): readonly Element[] {
    const elements = this.children.filter((child) => typeof child !== "string");
    return elements.flatMap((element) => [element, ...element.within()]);
  }
}

/** @throws Error for anything that is not well formed. */
export function parseMarkup(html: string): Element {
  const root = new Element("#document", new Map());
  const open = [root];
  let at = 0;
  const innermost = () => {
    const last = open.at(-1);
    if (last === undefined) throw new Error("an element is ended that was not begun");
    return last;
  };
  const addText = (until: number) => {
    if (until > at) innermost().children.push(unescaped(html.slice(at, until)));
  };
  for (const match of html.matchAll(TAG)) {
    addText(match.index);
    at = match.index + match[0].length;
    const [, slash, name, attributes = ""] = match;
    if (name === undefined) continue;
    if (slash === "/") {
      const ended = open.pop();
      if (ended?.name !== name) throw new Error(`</${name}> ends <${ended?.name}>`);
      continue;
    }
    const element = new Element(name, attributesOf(attributes));
    innermost().children.push(element);
    if (!VOID.has(name)) open.push(element);
  }
  addText(html.length);
  if (open.length !== 1) throw new Error(`<${innermost().name}> is not ended`);
  return root;
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  return new Map([...text.matchAll(ATTRIBUTE)].map(([, name = "", value = ""]) => [name, unescaped(value)]));
}

function unescaped(text: string): string {
  if (text.includes("<")) throw new Error(`this is no text: ${text}`);
  return text.replaceAll(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ENTITIES[name] ?? "");
}
