import { type Block, type Inline, type Line, parseMarkdown, plainText } from "./document/parse-markdown.ts";
import type { Frame } from "./frame.ts";
import { Layout } from "./layout.tsx";

interface DocumentPageProps {
  readonly frame: Frame;
  /** A page of the documentation, in Markdown. */
  readonly text: string;
  /** Where pages of the documentation are served, by their file names; to others there is no link. */
  readonly served: Readonly<Record<string, string>>;
}

/** A page of the documentation for those who make clients; it is in English whatever the language of its frame is. */
export function DocumentPage({ frame, text, served }: DocumentPageProps) {
  const blocks = parseMarkdown(text);
  const [first] = blocks;
  const title = first?.kind === "heading" ? plainText(first.line) : "Usher";
  const hrefOf = (target: string) => addressOf(target, served);
  const names = new Set<string>();
  return (
    <Layout frame={frame} title={title}>
      <article class="document" lang="en">
        {blocks.map((block) => (
          <Shown block={block} hrefOf={hrefOf} names={names} />
        ))}
      </article>
    </Layout>
  );
}

type HrefOf = (target: string) => string | null;

/** Null: it leads to a file that is not served. */
function addressOf(target: string, served: DocumentPageProps["served"]): string | null {
  if (target.startsWith("#") || target.startsWith("https://")) return target;
  const [file = "", anchor] = target.split("#");
  const path = served[file];
  if (path === undefined) return null;
  return anchor === undefined ? path : `${path}#${anchor}`;
}

interface ShownProps {
  readonly block: Block;
  readonly hrefOf: HrefOf;
  /** What stands on the page already to be linked to. */
  readonly names: Set<string>;
}

function Shown({ block, hrefOf, names }: ShownProps) {
  switch (block.kind) {
    case "heading": {
      const Heading = `h${block.level}` as const;
      names.add(block.anchor);
      return (
        <Heading id={block.anchor}>
          <Words line={block.line} hrefOf={hrefOf} />
        </Heading>
      );
    }
    case "paragraph":
      return (
        <p>
          <Words line={block.line} hrefOf={hrefOf} />
        </p>
      );
    case "aside":
      return (
        <p class="quiet">
          <Words line={block.line} hrefOf={hrefOf} />
        </p>
      );
    case "list":
      return (
        <ul>
          {block.items.map((item) => (
            <li>
              <Words line={item} hrefOf={hrefOf} />
            </li>
          ))}
        </ul>
      );
    case "code":
      return <pre>{block.text}</pre>;
    case "table":
      return <Table block={block} hrefOf={hrefOf} names={names} />;
  }
}

function Table({ block, hrefOf, names }: ShownProps & { readonly block: Extract<Block, { kind: "table" }> }) {
  return (
    <div class="table">
      <table>
        <thead>
          <tr>
            {block.head.map((cell) => (
              <th scope="col" id={nameOf(cell, names)}>
                <Words line={cell} hrefOf={hrefOf} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {block.rows.map((row) => (
            <tr id={nameOf(row[0] ?? [], names)}>
              {row.map((cell, column) => (
                // What a narrow screen, which has no room for the head, shows before the cell.
                <td data-column={plainText(block.head[column] ?? [])}>
                  <Words line={cell} hrefOf={hrefOf} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What is about one name of the protocol can be linked to by it, where it comes first on the page. */
function nameOf(cell: Line, names: Set<string>): string | undefined {
  const [first] = cell;
  if (first?.kind !== "code" || names.has(first.text)) return undefined;
  names.add(first.text);
  return first.text;
}

function Words({ line, hrefOf }: { readonly line: Line; readonly hrefOf: HrefOf }) {
  return <>{line.map((piece) => wordsOf(piece, hrefOf))}</>;
}

function wordsOf(piece: Inline, hrefOf: HrefOf) {
  if (piece.kind === "code") return <code>{piece.text}</code>;
  if (piece.kind === "strong") return <strong>{piece.text}</strong>;
  const href = piece.kind === "link" ? hrefOf(piece.target) : null;
  return href === null ? piece.text : <a href={href}>{piece.text}</a>;
}
