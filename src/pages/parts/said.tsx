import { partsOf } from "../words/said.ts";

/** A sentence of the catalogue, its names in `<bdi>` and stressed a little. */
export function Said({ text }: { readonly text: string }) {
  return <>{partsOf(text).map((part) => (part.isName ? <bdi class="name">{part.text}</bdi> : part.text))}</>;
}
