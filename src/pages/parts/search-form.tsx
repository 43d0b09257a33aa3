import type { Child } from "hono/jsx";

interface SearchFormProps {
  /** Path of the page that shows what is found, with the issuer's own path before it. */
  readonly action: string;
  readonly children: Child;
}

/** A form that changes nothing: what is asked for stands in the address of the page, to be kept and come back to. */
export function SearchForm({ action, children }: SearchFormProps) {
  return (
    <search>
      <form method="get" action={action}>
        {children}
      </form>
    </search>
  );
}
