import type { ActingRole } from "./administrators.tsx";
import type { Frame } from "./frame.ts";
import { Layout } from "./layout.tsx";
import { Button } from "./parts/button.tsx";
import { Form } from "./parts/form.tsx";
import { Person, type PersonFacts } from "./parts/identity.tsx";
import { Said } from "./parts/said.tsx";
import { Time } from "./parts/time.tsx";
import type { Words } from "./words/en.ts";

export interface InvitationPageProps {
  readonly frame: Frame;
  /** Which one is answered: another may be opened meanwhile. */
  readonly invitationId: string;
  readonly ownerId: string;
  readonly owner: string;
  /** Who invited, empty when they gave no name; null: whoever runs this server. */
  readonly invitedBy: string | null;
  readonly role: ActingRole;
  /** Epoch seconds; null: until somebody ends it. */
  readonly endsAt: number | null;
  /** Who would accept; null: nobody is signed in yet. */
  readonly person: PersonFacts | null;
  /** Whether that person acts for the owner already. */
  readonly isActing: boolean;
}

/** Whether to act for somebody else; declining is as easy as accepting. */
export function InvitationPage(props: InvitationPageProps) {
  const { frame, invitationId, ownerId, owner, invitedBy, role, endsAt, person, isActing } = props;
  const words = frame.words.invitation;
  const title = words.title(owner);
  return (
    <Layout frame={frame} title={title}>
      <h1>
        <Said text={title} />
      </h1>
      <p class="lead">
        <Said text={words.lead(owner)} /> {words.role[role]}
      </p>
      <p>
        <Said text={inviterIn(words, invitedBy)} />
      </p>
      <p>
        {endsAt === null ? words.open : words.until}{" "}
        {endsAt !== null && <Time frame={frame} at={endsAt} form="moment" />}
      </p>
      {person === null ? (
        <p>{words.signInFirst}</p>
      ) : (
        <section aria-labelledby="as">
          <h2 id="as">{words.as}</h2>
          <Person frame={frame} person={person} isReader />
          {isActing && <p>{words.already}</p>}
        </section>
      )}
      <Form frame={frame} action="/invitations" hidden={{ invitation: invitationId, owner: ownerId }}>
        <div class="buttons">
          <Button kind="equal" name="decision" value="accept">
            {words.accept}
          </Button>
          <Button kind="equal" name="decision" value="decline">
            {words.decline}
          </Button>
        </div>
        {person !== null && (
          <Button kind="aside" name="decision" value="switch">
            {words.switch}
          </Button>
        )}
      </Form>
    </Layout>
  );
}

function inviterIn(words: Words["invitation"], invitedBy: string | null): string {
  if (invitedBy === null) return words.byOperator;
  return invitedBy === "" ? words.bySomebody : words.by(invitedBy);
}

/** That nothing came of an invitation. */
export function DeclinedInvitationPage({ frame }: { readonly frame: Frame }) {
  const words = frame.words.invitation;
  return (
    <Layout frame={frame} title={words.declined}>
      <h1>{words.declined}</h1>
      <p>{words.declinedNext}</p>
    </Layout>
  );
}
