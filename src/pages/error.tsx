import type { Frame } from "./frame.ts";
import { Layout } from "./layout.tsx";
import { Said } from "./parts/said.tsx";
import type { Words } from "./words/en.ts";

/** What went wrong, as the catalogue tells it. */
export type Problem = keyof Words["problems"];

interface ErrorPageProps {
  readonly frame: Frame;
  readonly problem: Problem;
  readonly requestId: string;
}

/** What happened, what to do, and what to quote when asking for help. */
export function ErrorPage({ frame, problem, requestId }: ErrorPageProps) {
  const { title, next } = frame.words.problems[problem];
  return (
    <Layout frame={frame} title={title}>
      <h1>{title}</h1>
      <p>{next}</p>
      <p class="quiet">
        <Said text={frame.words.layout.reference(requestId)} />
      </p>
    </Layout>
  );
}
