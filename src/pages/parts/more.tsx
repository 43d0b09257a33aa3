import type { Frame } from "../frame.ts";
import { LinkButton } from "./button.tsx";

interface MoreProps {
  readonly frame: Frame;
  /** Path and query of the next page, with the issuer's own path before it; null: this is the last. */
  readonly next: string | null;
}

/** The way to the next page of a list. */
export function More({ frame, next }: MoreProps) {
  return next === null ? null : <LinkButton href={next}>{frame.words.layout.more}</LinkButton>;
}
