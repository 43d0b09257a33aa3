import type { Frame } from "./frame.ts";
import { Layout } from "./layout.tsx";
import { LinkButton } from "./parts/button.tsx";
import { Said } from "./parts/said.tsx";
import type { Words } from "./words/en.ts";

/** What went wrong, as the catalogue tells it. */
export type Problem = keyof Words["problems"];

interface ErrorPageProps {
  readonly frame: Frame;
  readonly problem: Problem;
  readonly requestId: string;
  /** Where the app that sent the person wants to be told of it, for the person to go there or not. */
  readonly back?: { readonly app: string; readonly href: string };
}

/** What happened, what to do, and what to quote when asking for help. */
export function ErrorPage({ frame, problem, requestId, back }: ErrorPageProps) {
  const { title, next } = frame.words.problems[problem];
  return (
    <Layout frame={frame} title={title}>
      <h1>{title}</h1>
      <p>{next}</p>
      {back !== undefined && (
        <p>
          <LinkButton href={back.href}>
            <Said text={frame.words.layout.backTo(back.app)} />
          </LinkButton>
        </p>
      )}
      <p class="quiet">
        <Said text={frame.words.layout.reference(requestId)} />
      </p>
    </Layout>
  );
}
