import type { Frame } from "./frame.ts";
import { Layout } from "./layout.tsx";
import { Notice } from "./parts/notice.tsx";
import { Empty } from "./parts/rows.tsx";
import { Time } from "./parts/time.tsx";

/** A message that would have been sent. */
export interface MailboxMessage {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** Epoch seconds. */
  readonly sentAt: number;
}

export interface MailboxPageProps {
  readonly frame: Frame;
  /** The newest first. */
  readonly messages: readonly MailboxMessage[];
}

/** Where mail lands on a developer's own machine. */
export function MailboxPage({ frame, messages }: MailboxPageProps) {
  const words = frame.words.mailbox;
  const title = words.title(messages.length);
  return (
    <Layout frame={frame} title={title}>
      <h1>{title}</h1>
      <Notice kind="danger">
        <p>{words.warning}</p>
      </Notice>
      {messages.length === 0 ? <Empty>{words.empty}</Empty> : <p class="lead">{words.lead}</p>}
      {messages.map(({ to, subject, text, sentAt }) => (
        <article class="message">
          <h2>
            <bdi>{subject}</bdi>
          </h2>
          <p class="quiet">
            {words.to} <bdi>{to}</bdi> · <Time frame={frame} at={sentAt} form="moment" />
          </p>
          <pre>{text}</pre>
        </article>
      ))}
    </Layout>
  );
}
