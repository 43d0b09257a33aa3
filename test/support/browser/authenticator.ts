import type { CDPSession, Page } from "playwright-core";

/** What a phone or laptop is: it keeps passkeys, asks for a finger or a face, and gets one (WebAuthn Level 3 §11.2). */
const DEVICE = {
  protocol: "ctap2",
  transport: "internal",
  hasResidentKey: true,
  hasUserVerification: true,
  isUserVerified: true,
  automaticPresenceSimulation: true,
} as const;

/** The part of a device that keeps passkeys, as one tab of a browser sees it. */
export class Authenticator {
  readonly #session: CDPSession;
  #id: string;

  private constructor(session: CDPSession, id: string) {
    this.#session = session;
    this.#id = id;
  }

  static async attach(page: Page): Promise<Authenticator> {
    const session = await page.context().newCDPSession(page);
    await session.send("WebAuthn.enable");
    return new Authenticator(session, await addDevice(session));
  }

  /** The device is lost with its passkeys, and the person has another one, which keeps none yet. */
  async replace(): Promise<void> {
    await this.#session.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId: this.#id });
    this.#id = await addDevice(this.#session);
  }

  /** Whether from now on the device knows the finger or the face that it is shown. */
  async recognizesPerson(isUserVerified: boolean): Promise<void> {
    await this.#session.send("WebAuthn.setUserVerified", { authenticatorId: this.#id, isUserVerified });
  }

  /** @returns for each passkey that it keeps which server and which account it is for */
  async passkeys(): Promise<readonly { readonly rpId?: string; readonly userHandle?: string }[]> {
    return (await this.#session.send("WebAuthn.getCredentials", { authenticatorId: this.#id })).credentials;
  }
}

async function addDevice(session: CDPSession): Promise<string> {
  return (await session.send("WebAuthn.addVirtualAuthenticator", { options: DEVICE })).authenticatorId;
}
