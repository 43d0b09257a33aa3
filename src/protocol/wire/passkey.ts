/** What an authenticator answers, as browsers write it in JSON (WebAuthn Level 3 §5.1.8); binary values in base64url. */

export interface CreatedPasskeyBody {
  readonly id: string;
  readonly rawId: string;
  readonly type: "public-key";
  readonly response: {
    readonly clientDataJSON: string;
    readonly attestationObject: string;
    readonly transports?: readonly string[];
  };
}

export interface UsedPasskeyBody {
  readonly id: string;
  readonly rawId: string;
  readonly type: "public-key";
  readonly response: {
    readonly clientDataJSON: string;
    readonly authenticatorData: string;
    readonly signature: string;
    /** The account that the passkey was made for, in its own words. */
    readonly userHandle?: string | null;
  };
}
