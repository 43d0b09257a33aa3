import { MAX_EMAIL_CHARACTERS, MAX_PERSON_NAME_CHARACTERS } from "../shared/limits.ts";
import { AccountLayout } from "./account-layout.tsx";
import type { Frame } from "./frame.ts";
import { Button, LinkButton } from "./parts/button.tsx";
import { type Device, DeviceName } from "./parts/device.tsx";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { Field } from "./parts/field.tsx";
import { Form } from "./parts/form.tsx";
import { LastUsed } from "./parts/last-used.tsx";
import { Notice } from "./parts/notice.tsx";
import { Passkey, WithoutScript } from "./parts/passkey.tsx";
import type { ProviderFacts } from "./parts/providers.tsx";
import { RowButton } from "./parts/row-button.tsx";
import { Empty, Row, Rows } from "./parts/rows.tsx";
import { Said } from "./parts/said.tsx";
import { Time } from "./parts/time.tsx";
import type { Words } from "./words/en.ts";

/** Times are epoch seconds. */
export interface PasskeyFacts {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  /** Null: not used yet. */
  readonly lastUsedAt: number | null;
}

export interface AddressFacts {
  readonly address: string;
  readonly verifiedAt: number;
}

export interface LinkedAccountFacts {
  readonly id: string;
  readonly provider: string;
  /** What its person knows it by, such as an address there; null: nothing was said. */
  readonly hint: string | null;
  readonly lastUsedAt: number;
}

export interface SessionFacts {
  readonly id: string;
  readonly device: Device;
  readonly lastSeenAt: number;
  /** Whether it is the one that this page is shown in. */
  readonly isCurrent: boolean;
}

export interface SecurityPageProps {
  readonly frame: Frame;
  readonly passkeys: readonly PasskeyFacts[];
  readonly addresses: readonly AddressFacts[];
  readonly linked: readonly LinkedAccountFacts[];
  /** What can be linked. */
  readonly providers: readonly ProviderFacts[];
  /** This browser first. */
  readonly sessions: readonly SessionFacts[];
  /** How many are left. */
  readonly recoveryCodes: number;
  readonly sendsMail: boolean;
  readonly notice: keyof Words["security"]["notices"] | null;
  readonly error: keyof Words["security"]["errors"] | null;
  /** What is wrong with the address that was typed in. */
  readonly addressError: keyof Words["signInEmail"]["errors"] | null;
  /** What the person is in the middle of: whose errand, and where it goes on, with the issuer's own path before it. */
  readonly back: { readonly app: string; readonly href: string } | null;
}

/** Every way into an account, and everywhere it is open. */
export function SecurityPage(props: SecurityPageProps) {
  const { frame, passkeys, addresses, linked, notice, error } = props;
  const words = frame.words.security;
  const title = words.title(passkeys.length, addresses.length, linked.length);
  const isLast = passkeys.length + addresses.length + linked.length === 1;
  return (
    <AccountLayout frame={frame} place="security" title={title} scripts={["webauthn", "passkey"]}>
      {props.back !== null && (
        <Notice kind="quiet">
          <LinkButton href={props.back.href}>
            <Said text={frame.words.layout.backTo(props.back.app)} />
          </LinkButton>
        </Notice>
      )}
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
      <ErrorSummary frame={frame} errors={{ address: wrongAddress(props) }} />
      <h1>{title}</h1>
      {isLast && <p class="lead">{words.lastWayIn}</p>}
      <Passkeys {...props} isLast={isLast} />
      <Addresses {...props} isLast={isLast} />
      <LinkedAccounts {...props} isLast={isLast} />
      <Recovery {...props} />
      <Sessions {...props} />
    </AccountLayout>
  );
}

interface WaysProps extends SecurityPageProps {
  /** Whether there is one way in, which must not be removed. */
  readonly isLast: boolean;
}

function Passkeys({ frame, passkeys, isLast }: WaysProps) {
  const words = frame.words.security;
  return (
    <section id="passkeys" aria-labelledby="passkeys-title">
      <h2 id="passkeys-title">{words.passkeys}</h2>
      {passkeys.length === 0 && <Empty>{words.passkeysEmpty}</Empty>}
      <Rows>
        {passkeys.map((passkey) => (
          <Row action={!isLast && <Remove frame={frame} what="passkeys" id={passkey.id} about={passkey.name} />}>
            <strong>
              <bdi>{passkey.name}</bdi>
            </strong>
            <p class="quiet">
              {words.added} <Time frame={frame} at={passkey.createdAt} />
              <LastUsed frame={frame} at={passkey.lastUsedAt} />
            </p>
            <RenamePasskey frame={frame} passkey={passkey} />
          </Row>
        ))}
      </Rows>
      <Form frame={frame} action="/account/security/passkeys">
        <Passkey
          frame={frame}
          does="create"
          options="/account/security/passkeys/options"
          verify="/account/security/passkeys"
          label={words.addPasskey}
          kind="other"
        />
      </Form>
      <WithoutScript text={words.noScript} />
    </section>
  );
}

function RenamePasskey({ frame, passkey }: { readonly frame: Frame; readonly passkey: PasskeyFacts }) {
  const words = frame.words.security;
  const id = `name-${passkey.id}`;
  return (
    <details>
      <summary>
        {words.rename}
        <span class="hidden">
          {" "}
          <bdi>{passkey.name}</bdi>
        </span>
      </summary>
      <Form frame={frame} action="/account/security/passkeys/rename" hidden={{ id: passkey.id }}>
        <Field
          frame={frame}
          id={id}
          name="name"
          label={words.passkeyName}
          hint={words.passkeyNameHint}
          value={passkey.name}
          maxLength={MAX_PERSON_NAME_CHARACTERS}
          isRequired
        />
        <Button>{words.save}</Button>
      </Form>
    </details>
  );
}

function Addresses(props: WaysProps) {
  const { frame, addresses, isLast, sendsMail } = props;
  const words = frame.words.security;
  return (
    <section id="addresses" aria-labelledby="addresses-title">
      <h2 id="addresses-title">{words.addresses}</h2>
      {addresses.length === 0 && <Empty>{words.addressesEmpty}</Empty>}
      <Rows>
        {addresses.map(({ address, verifiedAt }) => (
          <Row action={!isLast && <Remove frame={frame} what="addresses" id={address} about={address} />}>
            <strong>
              <bdi>{address}</bdi>
            </strong>
            <p class="quiet">
              {words.verifiedOn} <Time frame={frame} at={verifiedAt} />
            </p>
          </Row>
        ))}
      </Rows>
      {sendsMail && <AddAddress {...props} />}
    </section>
  );
}

function AddAddress(props: SecurityPageProps) {
  const { frame } = props;
  const words = frame.words.security;
  const error = wrongAddress(props);
  return (
    <details open={error !== undefined}>
      <summary>{words.addAddress}</summary>
      <Form frame={frame} action="/account/security/addresses">
        <Field
          frame={frame}
          name="address"
          label={words.address}
          error={error}
          type="email"
          autocomplete="email"
          inputMode="email"
          maxLength={MAX_EMAIL_CHARACTERS}
          isRequired
        />
        <Button>{words.sendCode}</Button>
      </Form>
    </details>
  );
}

function wrongAddress({ frame, addressError }: SecurityPageProps): string | undefined {
  return addressError === null ? undefined : frame.words.signInEmail.errors[addressError];
}

function LinkedAccounts({ frame, linked, providers, isLast }: WaysProps) {
  const words = frame.words.security;
  if (linked.length === 0 && providers.length === 0) return null;
  return (
    <section id="linked" aria-labelledby="linked-title">
      <h2 id="linked-title">{words.linked}</h2>
      {linked.length === 0 && <Empty>{words.linkedEmpty}</Empty>}
      <Rows>
        {linked.map(({ id, provider, hint, lastUsedAt }) => (
          <Row
            action={
              !isLast && <Remove frame={frame} what="linked" id={id} about={hint ?? provider} label={words.unlink} />
            }
          >
            <strong>
              <bdi>{provider}</bdi>
            </strong>
            <p class="quiet">
              {hint !== null && <bdi>{hint}</bdi>}
              <LastUsed frame={frame} at={lastUsedAt} />
            </p>
          </Row>
        ))}
      </Rows>
      <div class="buttons">
        {providers.map(({ id, name }) => (
          <Form frame={frame} action="/account/security/linked" hidden={{ provider: id }}>
            <Button>
              <Said text={words.link(name)} />
            </Button>
          </Form>
        ))}
      </div>
    </section>
  );
}

function Recovery({ frame, recoveryCodes }: SecurityPageProps) {
  const words = frame.words.security;
  return (
    <section id="recovery" aria-labelledby="recovery-title">
      <h2 id="recovery-title">{words.recovery}</h2>
      <p>
        {words.recoveryLeft(recoveryCodes)} {words.recoveryLead}
      </p>
      <LinkButton href={`${frame.base}/account/security/recovery-codes`}>{words.newCodes}</LinkButton>
    </section>
  );
}

function Sessions({ frame, sessions }: SecurityPageProps) {
  const words = frame.words.security;
  return (
    <section id="sessions" aria-labelledby="sessions-title">
      <h2 id="sessions-title">{words.sessions}</h2>
      <Rows>
        {sessions.map((session) => (
          <SessionRow frame={frame} session={session} />
        ))}
      </Rows>
      {sessions.length > 1 ? (
        <div class="buttons">
          <LinkButton href={`${frame.base}/account/security/sessions/end-all`}>{words.endAll}</LinkButton>
          <LinkButton href={`${frame.base}/account/security/sessions/end-everywhere`}>{words.endEverywhere}</LinkButton>
        </div>
      ) : (
        <p class="quiet">{words.onlyHere}</p>
      )}
    </section>
  );
}

function SessionRow({ frame, session }: { readonly frame: Frame; readonly session: SessionFacts }) {
  const words = frame.words.security;
  const { id, device, lastSeenAt, isCurrent } = session;
  return (
    <Row
      action={
        !isCurrent && (
          <Form frame={frame} action="/account/security/sessions/end" hidden={{ session: id }}>
            <RowButton about={<DeviceName frame={frame} device={device} />}>{words.end}</RowButton>
          </Form>
        )
      }
    >
      <strong>
        <DeviceName frame={frame} device={device} />
      </strong>
      <p class="quiet">
        {isCurrent ? words.thisOne : words.lastSeen}
        {!isCurrent && (
          <>
            {" "}
            <Time frame={frame} at={lastSeenAt} form="moment" />
          </>
        )}
      </p>
    </Row>
  );
}

interface RemoveProps {
  readonly frame: Frame;
  readonly what: "passkeys" | "addresses" | "linked";
  readonly id: string;
  readonly about: string;
  readonly label?: string;
}

function Remove({ frame, what, id, about, label }: RemoveProps) {
  return (
    <Form frame={frame} action={`/account/security/${what}/remove`} hidden={{ id }}>
      <RowButton about={about}>{label ?? frame.words.security.remove}</RowButton>
    </Form>
  );
}
