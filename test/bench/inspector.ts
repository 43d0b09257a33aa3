/** A call frame as V8 names it; lines and columns count from zero, and the platform's own functions have no url. */
interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

export interface ProfileNode {
  readonly id: number;
  readonly callFrame: CallFrame;
  readonly children?: readonly number[];
}

/** A CPU profile: which node was seen, sample after sample, and the microseconds between them. */
export interface Profile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const SAMPLING_MICROS = 200;

/** The inspector of a server's workerd (Chrome DevTools protocol), as far as profiles need it. */
export class Inspector {
  readonly #socket: WebSocket;
  readonly #answers = new Map<number, (result: unknown) => void>();
  #asked = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => {
      const { id, result } = JSON.parse(String(data)) as { id?: number; result?: unknown };
      if (id !== undefined) this.#answers.get(id)?.(result);
    });
  }

  /** @param origin of the inspector, which lists what can be looked into; the Worker is what its user wrote. */
  static async open(origin: string): Promise<Inspector> {
    const targets = (await (await fetch(`${origin}/json`)).json()) as readonly { webSocketDebuggerUrl: string }[];
    const url = targets.map(({ webSocketDebuggerUrl }) => webSocketDebuggerUrl).find((each) => each.includes("user"));
    const socket = new WebSocket(url ?? "");
    await new Promise((resolve) => socket.addEventListener("open", resolve));
    return new Inspector(socket);
  }

  async startProfile(): Promise<void> {
    await this.#ask("Profiler.enable");
    await this.#ask("Profiler.setSamplingInterval", { interval: SAMPLING_MICROS });
    await this.#ask("Profiler.start");
  }

  async stopProfile(): Promise<Profile> {
    const { profile } = (await this.#ask("Profiler.stop")) as { profile: Profile };
    return profile;
  }

  #ask(method: string, params: object = {}): Promise<unknown> {
    this.#asked += 1;
    const id = this.#asked;
    this.#socket.send(JSON.stringify({ id, method, params }));
    return new Promise((resolve) => this.#answers.set(id, resolve));
  }
}
