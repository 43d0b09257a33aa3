import { Webhook } from "standardwebhooks";

/** A message as its receiver read it, after a library of others had verified it. */
export interface Received {
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Somebody's endpoint for webhooks. */
export class WebhookReceiver {
  readonly url = `https://receiver-${crypto.randomUUID()}.example/hooks`;
  /** What it was told, as far as it was rightly signed. */
  readonly received: Received[] = [];
  /** How it answers; undefined: the network fails. */
  status: number | undefined = 204;
  /** How often somebody came. */
  tries = 0;
  /** Whoever did not bring a good signature. */
  forged = 0;
  #secret: string;

  constructor(secret = "whsec_bm90IHRvbGQgeWV0") {
    this.#secret = secret;
  }

  learns(secret: string): void {
    this.#secret = secret;
  }

  /** In the place of the network: everybody else cannot be reached. */
  readonly fetch: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    if (request.url !== this.url || this.status === undefined) throw new TypeError("Network connection lost");
    this.tries += 1;
    await this.#take(request);
    return new Response(null, { status: this.status, headers: { location: "https://elsewhere.example" } });
  };

  async #take(request: Request): Promise<void> {
    try {
      const message = new Webhook(this.#secret).verify(await request.text(), Object.fromEntries(request.headers));
      const { type, data } = message as Omit<Received, "id">;
      this.received.push({ id: request.headers.get("webhook-id") ?? "", type, data });
    } catch {
      this.forged += 1;
    }
  }
}
