import type { OwnerLedgerObject } from "../../ledger/object.ts";
import type { OpenPages } from "../../ledger/ports.ts";
import type { OpenPagesStore } from "../../operations/ports/open-pages.ts";
import { MAX_OPEN_PAGES } from "../../shared/limits.ts";

/** A page that is told so often has time to look before it is told again. */
const TOLD_AGAIN_MS = 1_000;
/** Whoever listens for longer shows again that they may (http/console/live.ts). */
const LISTENING_MS = 3_600_000;

/** When a page began to listen, as its socket keeps it while the object sleeps. */
interface Attachment {
  readonly since: number;
}

/** Pages that listen by WebSockets: the object sleeps meanwhile, and nobody pays for a page that is only open. */
export function openPagesOf(state: DurableObjectState): OpenPages {
  let toldAt = 0;
  let isDue = false;
  const tellAll = () => {
    [toldAt, isDue] = [Date.now(), false];
    for (const socket of state.getWebSockets()) tellOne(socket, toldAt);
  };
  return {
    listen() {
      if (state.getWebSockets().length >= MAX_OPEN_PAGES) return new Response(null, { status: 503 });
      const { 0: page, 1: socket } = new WebSocketPair();
      state.acceptWebSocket(socket);
      socket.serializeAttachment({ since: Date.now() } satisfies Attachment);
      return new Response(null, { status: 101, webSocket: page });
    },

    tell() {
      if (isDue || state.getWebSockets().length === 0) return;
      const wait = toldAt + TOLD_AGAIN_MS - Date.now();
      if (wait <= 0) return tellAll();
      // A page may have begun to listen since.
      isDue = true;
      setTimeout(tellAll, wait);
    },
  };
}

/** One that has just gone is told nothing. */
function tellOne(socket: WebSocket, now: number): void {
  try {
    socket.send("changed");
    const { since } = socket.deserializeAttachment() as Attachment;
    if (now > since + LISTENING_MS) socket.close(1000, "listen again");
  } catch {
    // The runtime tells of it by `webSocketClose`.
  }
}

/** Where pages listen: at the ledger of their owner, which is where things happen. */
export function findOpenPages(namespace: DurableObjectNamespace<OwnerLedgerObject>): OpenPagesStore {
  return {
    listen: (ownerId) => namespace.getByName(ownerId).fetch("https://ledger/", { headers: { Upgrade: "websocket" } }),
  };
}
