/** A client's certificate whose key it has shown to hold, and that an authority which the edge knows has signed. */
export interface ClientCertificate {
  /** SHA-256 of the certificate, in base64url (RFC 8705 §3.1). */
  readonly thumbprint: string;
  /** The distinguished name of its subject (RFC 4514), as the edge writes it. */
  readonly subject: string;
}
