import type { Child } from "hono/jsx";

interface RowButtonProps {
  /** Whose row it is, for whoever does not see the row. */
  readonly about: Child;
  readonly children: Child;
}

/** Does something with a row of a list. */
export function RowButton({ about, children }: RowButtonProps) {
  return (
    <button type="submit" class="button other">
      {children}
      <span class="hidden">
        {" "}
        <bdi>{about}</bdi>
      </span>
    </button>
  );
}
