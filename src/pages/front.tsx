import type { Frame } from "./frame.ts";
import { Layout } from "./layout.tsx";
import { LinkButton } from "./parts/button.tsx";
import { Said } from "./parts/said.tsx";
import type { Words } from "./words/en.ts";

export interface FrontPageProps {
  readonly frame: Frame;
  readonly isSignedIn: boolean;
  readonly version: string;
  readonly issuer: string;
  /** Addresses of what programs read. */
  readonly metadata: string;
  readonly keys: string;
  readonly schema: string;
}

/** What this is, for whoever comes without having been sent, and then for who builds with it. */
export function FrontPage(props: FrontPageProps) {
  const { frame, isSignedIn } = props;
  const words = frame.words.front;
  return (
    <Layout frame={frame} title={words.title}>
      <h1>{words.title}</h1>
      <p class="lead">{words.lead}</p>
      <div class="buttons">
        {isSignedIn ? (
          <LinkButton href={`${frame.base}/console`} kind="main">
            {words.account}
          </LinkButton>
        ) : (
          <>
            <LinkButton href={`${frame.base}/sign-in`} kind="main">
              {words.signIn}
            </LinkButton>
            <LinkButton href={`${frame.base}/sign-up`}>{words.signUp}</LinkButton>
          </>
        )}
      </div>
      <p class="quiet">{words.sentHere}</p>
      <Builders {...props} />
    </Layout>
  );
}

function Builders({ frame, version, issuer, metadata, keys, schema }: FrontPageProps) {
  const words = frame.words.front;
  return (
    <section aria-labelledby="builders">
      <h2 id="builders">{words.builders}</h2>
      <p>
        <Said text={words.software(version)} /> <code>{issuer}</code>
      </p>
      <ul>
        <li>
          <a href={metadata}>{words.metadata}</a>
        </li>
        <li>
          <a href={keys}>{words.keys}</a>
        </li>
        <li>
          <a href={schema}>{words.schema}</a>
        </li>
      </ul>
      <h3>{words.documentation}</h3>
      <ul>
        {DOCUMENTS.map((document) => (
          <li>
            <code>{`docs/${document}.md`}</code>: {words.documents[document]}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The pages of the documentation come with the source, so they are named and not linked. */
const DOCUMENTS: readonly (keyof Words["front"]["documents"])[] = [
  "tutorial",
  "resource-servers",
  "clients",
  "owner-tools",
  "operations",
  "api",
];
