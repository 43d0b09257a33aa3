/** A permission as it travels: in requests, in RPTs, in introspection answers (FedAuthz §4.1, §5.1.1). */
export interface PermissionBody {
  readonly resource_id: string;
  readonly resource_scopes: readonly string[];
  /** Epoch seconds. */
  readonly exp?: number;
}
