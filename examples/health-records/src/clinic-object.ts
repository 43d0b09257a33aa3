import * as oauth from "oauth4webapi";
import { FileObject } from "./file-object.ts";
import { credentials, discover, reach, UsherUnreachable } from "./usher.ts";

/** The clinic's own reports. It is an organisation, so its consent stands at Usher and no person is asked (RFC 6749 §4.4). */
export class ClinicObject extends FileObject {
  #pat: string | null = null;

  override async currentToken(): Promise<string | null> {
    return this.#pat ?? this.obtainToken();
  }

  protected override async obtainToken(): Promise<string> {
    const server = await discover(this.env);
    const { client, secret, options } = credentials(this.env);
    // Patients have connected us, too, so we say for whom this PAT is (docs/api.md, resource_owner).
    const scope = { scope: "uma_protection", resource_owner: this.env.CLINIC_OWNER };
    const response = await reach(oauth.clientCredentialsGrantRequest(server, client, secret, scope, options));
    const answer = await oauth.processClientCredentialsResponse(server, client, response).catch((cause: unknown) => {
      throw new UsherUnreachable("Usher gives us no PAT", { cause });
    });
    this.#pat = answer.access_token;
    return answer.access_token;
  }
}
