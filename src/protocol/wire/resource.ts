/** A resource description as the resource server wrote it (FedAuthz §3.1); kept and returned unchanged. */
export interface ResourceDescriptionBody {
  readonly resource_scopes: readonly string[];
  readonly description?: string;
  readonly icon_uri?: string;
  readonly name?: string;
  readonly type?: string;
  /** Ids of resources of the same resource server that it is in; ours (docs/resource-servers.md, "Collections"). */
  readonly collections?: readonly string[];
  /** Names by which clients ask for it themselves (RFC 8707); ours (docs/resource-servers.md, "Names that clients ask for"). */
  readonly resource_identifiers?: readonly string[];
  /** Language-tagged variants (`name#fr`) and members we do not know (FedAuthz §1.1). */
  readonly [extension: string]: unknown;
}
