import type { Frame } from "./frame.ts";
import { Layout } from "./layout.tsx";
import { LinkButton } from "./parts/button.tsx";
import { Said } from "./parts/said.tsx";
import type { Words } from "./words/en.ts";

interface UpstreamProblemPageProps {
  readonly frame: Frame;
  readonly problem: keyof Words["upstream"]["problems"];
  /** What people call the provider; null: it is not known which one it was. */
  readonly provider: string | null;
  /** Where to go on from here: a path below the issuer, and what is there. */
  readonly back: { readonly to: keyof Words["upstream"]["back"]; readonly path: string };
  readonly requestId: string;
}

/** Why nobody was signed in, or nothing linked; what to do; and what to quote when asking for help. */
export function UpstreamProblemPage({ frame, problem, provider, back, requestId }: UpstreamProblemPageProps) {
  const words = frame.words.upstream;
  const { title, next } = words.problems[problem];
  const heading = title(provider ?? words.someProvider);
  return (
    <Layout frame={frame} title={heading}>
      <h1>
        <Said text={heading} />
      </h1>
      <p class="lead">{next}</p>
      <LinkButton href={frame.base + back.path} kind="main">
        {words.back[back.to]}
      </LinkButton>
      <p class="quiet">
        <Said text={frame.words.layout.reference(requestId)} />
      </p>
    </Layout>
  );
}
