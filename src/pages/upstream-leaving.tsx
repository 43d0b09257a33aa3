import type { Frame } from "./frame.ts";
import { Layout } from "./layout.tsx";
import { LinkButton } from "./parts/button.tsx";
import { Said } from "./parts/said.tsx";

interface UpstreamLeavingPageProps {
  readonly frame: Frame;
  /** What people call the provider. */
  readonly provider: string;
  /** Where the browser goes now, by itself unless it was told otherwise. */
  readonly url: string;
}

/** On the way to a provider. */
export function UpstreamLeavingPage({ frame, provider, url }: UpstreamLeavingPageProps) {
  const words = frame.words.upstream.leaving;
  const title = words.title(provider);
  return (
    <Layout frame={frame} title={title}>
      <h1>
        <Said text={title} />
      </h1>
      <p class="lead">{words.lead}</p>
      <LinkButton href={url} kind="main">
        <Said text={words.go(provider)} />
      </LinkButton>
    </Layout>
  );
}
