import { MAX_EMAIL_CHARACTERS } from "../shared/limits.ts";
import { AccountLayout } from "./account-layout.tsx";
import type { Frame } from "./frame.ts";
import { Button } from "./parts/button.tsx";
import { RadioGroup } from "./parts/choice.tsx";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { Field } from "./parts/field.tsx";
import { Form } from "./parts/form.tsx";
import { Person, type PersonFacts } from "./parts/identity.tsx";
import { Notice } from "./parts/notice.tsx";
import { RowButton } from "./parts/row-button.tsx";
import { Row, Rows } from "./parts/rows.tsx";
import { Said } from "./parts/said.tsx";
import { Time } from "./parts/time.tsx";
import type { Words } from "./words/en.ts";

const HERE = "/account/administrators";

/** What somebody may do for an owner. */
export type ActingRole = keyof Words["administrators"]["roles"];

/** For whom somebody acts; without a name: for themselves. */
export interface OwnerFacts {
  readonly id: string;
  readonly name: string | null;
}

/** Somebody who acts for an owner. Times are epoch seconds. */
export interface ActingPerson {
  readonly accountId: string;
  readonly person: PersonFacts;
  readonly role: ActingRole;
  readonly beginsAt: number;
  /** Null: until somebody ends it. */
  readonly endsAt: number | null;
  readonly isYou: boolean;
  /** Whether the person who looks may end it. */
  readonly canEnd: boolean;
}

export interface OpenInvitation {
  readonly id: string;
  /** Null: a link that was sent to nobody in particular. */
  readonly address: string | null;
  readonly role: ActingRole;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

/** What was filled in before, and what is wrong with it. */
export interface InvitationForm {
  readonly address: string;
  readonly role: ActingRole;
  /** A day, as a date field gives it (HTML §2.3.5.2), or empty. */
  readonly endsOn: string;
  readonly addressError: "notAnAddress" | null;
  readonly endsOnError: "badDate" | null;
}

export interface AdministratorsPageProps {
  readonly frame: Frame;
  /** Every owner that the person acts for; more than one can be looked at. */
  readonly owners: readonly OwnerFacts[];
  /** The one that this page is about. */
  readonly owner: OwnerFacts;
  /** Two entries for whoever has a wider right for a time. */
  readonly people: readonly ActingPerson[];
  readonly invitations: readonly OpenInvitation[];
  /** Null: the person who looks may not invite. */
  readonly form: InvitationForm | null;
  /** The link of an invitation that was made just now, where no mail could be sent. */
  readonly link: string | null;
  readonly notice: keyof Words["administrators"]["notices"] | null;
  readonly error: "lastAdministrator" | "tooMany" | null;
}

/** Who acts for an owner, until when, and how to end it. */
export function AdministratorsPage(props: AdministratorsPageProps) {
  const { frame, owner, people, notice, error, link, form } = props;
  const words = frame.words.administrators;
  const count = new Set(people.map(({ accountId }) => accountId)).size;
  const title = owner.name === null ? words.titleOwn(count - 1) : words.title(count, owner.name);
  return (
    <AccountLayout frame={frame} place="administrators" title={title}>
      {notice !== null && (
        <Notice kind="good">
          <p>{words.notices[notice]}</p>
        </Notice>
      )}
      {error !== null && (
        <Notice kind="danger">
          <p>{words.errors[error]}</p>
        </Notice>
      )}
      {form !== null && <ErrorSummary frame={frame} errors={errorsOf(words, form)} />}
      <h1>
        <Said text={title} />
      </h1>
      {link !== null && <InvitationLink frame={frame} link={link} />}
      <Owners {...props} />
      <Rows>
        {people.map((acting) => (
          <ActingRow frame={frame} owner={owner} acting={acting} />
        ))}
      </Rows>
      <Invitations {...props} />
      {form !== null && <Invite frame={frame} owner={owner} form={form} />}
    </AccountLayout>
  );
}

function Owners({ frame, owners, owner }: AdministratorsPageProps) {
  const words = frame.words.administrators;
  if (owners.length < 2) return null;
  return (
    <nav class="owners" aria-label={words.whose}>
      <ul>
        {owners.map(({ id, name }) => (
          <li>
            <a
              href={`${frame.base}${HERE}?owner=${encodeURIComponent(id)}`}
              aria-current={id === owner.id ? "page" : undefined}
            >
              <bdi>{name ?? words.yourself}</bdi>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

interface ActingRowProps {
  readonly frame: Frame;
  readonly owner: OwnerFacts;
  readonly acting: ActingPerson;
}

/** Nobody is invited to what is a person's own, so nothing is said of it there. */
function ActingRow({ frame, owner, acting }: ActingRowProps) {
  const { accountId, person, role, beginsAt, endsAt, isYou, canEnd } = acting;
  const words = frame.words.administrators;
  return (
    <Row
      action={
        canEnd && (
          <Form frame={frame} action={actionFor(owner, "end")} hidden={{ account: accountId }}>
            <RowButton about={person.name ?? person.address ?? ""}>{isYou ? words.leave : words.end}</RowButton>
          </Form>
        )
      }
    >
      <Person frame={frame} person={person} isReader={isYou} />
      <p>
        {isYou && <span class="mark">{words.you}</span>} {owner.name !== null && words.roles[role]}
      </p>
      <p class="quiet">
        {beginsAt > frame.now ? words.from : words.since} <Time frame={frame} at={beginsAt} />
        {endsAt !== null && (
          <>
            {`, ${words.until} `}
            <Time frame={frame} at={endsAt} form="moment" />
          </>
        )}
      </p>
    </Row>
  );
}

function Invitations({ frame, owner, invitations }: AdministratorsPageProps) {
  const words = frame.words.administrators;
  if (invitations.length === 0) return null;
  return (
    <section aria-labelledby="invited">
      <h2 id="invited">{words.invited}</h2>
      <Rows>
        {invitations.map(({ id, address, role, expiresAt }) => (
          <Row
            action={
              <Form frame={frame} action={actionFor(owner, "withdraw")} hidden={{ invitation: id }}>
                <RowButton about={address ?? words.byLink}>{words.withdraw}</RowButton>
              </Form>
            }
          >
            <strong>
              <bdi>{address ?? words.byLink}</bdi>
            </strong>
            <p>{words.roles[role]}</p>
            <p class="quiet">
              {words.openUntil} <Time frame={frame} at={expiresAt} form="moment" />
            </p>
          </Row>
        ))}
      </Rows>
    </section>
  );
}

interface InviteProps {
  readonly frame: Frame;
  readonly owner: OwnerFacts;
  readonly form: InvitationForm;
}

function Invite({ frame, owner, form }: InviteProps) {
  const words = frame.words.administrators;
  const errors = errorsOf(words, form);
  const options = [
    { value: "administrator", label: words.roles.administrator },
    { value: "assistant", label: words.roles.assistant },
  ];
  return (
    <section aria-labelledby="invite">
      <h2 id="invite">{words.invite}</h2>
      <p>{words.inviteLead}</p>
      <Form frame={frame} action={actionFor(owner, "invite")}>
        <Field
          frame={frame}
          name="address"
          label={words.address}
          error={errors.address}
          value={form.address}
          type="email"
          inputMode="email"
          maxLength={MAX_EMAIL_CHARACTERS}
          isRequired
        />
        <RadioGroup name="role" legend={words.role} options={options} selected={form.role} />
        <Field
          frame={frame}
          name="ends_on"
          label={words.endsOn}
          hint={words.endsOnHint}
          error={errors.ends_on}
          value={form.endsOn}
          type="date"
        />
        <Button kind="main">{words.send}</Button>
      </Form>
    </section>
  );
}

function InvitationLink({ frame, link }: { readonly frame: Frame; readonly link: string }) {
  return (
    <Notice kind="good">
      <p>{frame.words.administrators.link}</p>
      <p>
        <code class="link">{link}</code>
      </p>
    </Notice>
  );
}

/** Where a form is sent to; the address says for whom. */
function actionFor({ id }: OwnerFacts, form: "invite" | "withdraw" | "end"): string {
  return `${HERE}/${form}?owner=${encodeURIComponent(id)}`;
}

function errorsOf(words: Words["administrators"], { addressError, endsOnError }: InvitationForm) {
  return {
    address: addressError === null ? undefined : words.errors[addressError],
    ends_on: endsOnError === null ? undefined : words.errors[endsOnError],
  };
}
