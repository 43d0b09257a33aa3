/** Pages that are open about an owner, and want to hear when something has happened there. */
export interface OpenPagesStore {
  /** A WebSocket that says "changed", and nothing more; 503 where too many listen already, 404 for no owner. */
  listen(ownerId: string): Promise<Response>;
}
