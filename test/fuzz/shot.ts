import type { DescribedCall } from "../support/server/api-description.ts";

/** A request that is fired: whole enough to be taken apart and put together wrongly. */
export interface Shot {
  /** What it was made from; null: a page. */
  readonly call: DescribedCall | null;
  method: string;
  /** As it stands on the wire. */
  path: string;
  query: [name: string, value: string][];
  headers: [name: string, value: string][];
  body: ShotBody | null;
}

export type ShotBody =
  | { readonly kind: "json"; readonly type: string; value: unknown }
  | { readonly kind: "form"; pairs: [name: string, value: string][] }
  | { readonly kind: "raw"; readonly type: string; readonly bytes: Buffer };

const FORM = "application/x-www-form-urlencoded";

/** The body as it is sent, with its media type; null: there is none. */
export function encodeBody(body: ShotBody | null): { readonly type: string; readonly bytes: Buffer } | null {
  switch (body?.kind) {
    case undefined:
      return null;
    case "json":
      return { type: body.type, bytes: Buffer.from(JSON.stringify(body.value) ?? "") };
    case "form":
      return { type: FORM, bytes: Buffer.from(new URLSearchParams(body.pairs).toString()) };
    case "raw":
      return { type: body.type, bytes: body.bytes };
  }
}

export function targetOf({ path, query }: Shot): string {
  return query.length === 0 ? path : `${path}?${new URLSearchParams(query)}`;
}

/** A shot in words, for whoever has to repeat it. */
export function describeShot(shot: Shot): string {
  const body = encodeBody(shot.body);
  const said = body === null ? "" : ` [${body.type}] ${body.bytes.toString("latin1").slice(0, 600)}`;
  return `${shot.method} ${targetOf(shot).slice(0, 600)} ${JSON.stringify(shot.headers).slice(0, 600)}${said}`;
}
