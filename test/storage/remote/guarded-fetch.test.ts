import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FetchRefused } from "../../../src/protocol/public-document.ts";
import { createGuardedFetch } from "../../../src/storage/remote/guarded-fetch.ts";
import { ISSUER } from "../../support/pure/signer.ts";
import { KeyHosts } from "../../support/workerd/key-hosts.ts";

const URL_OF_KEYS = "https://idp.example/jwks";
const LIMIT = 256 * 1024;

let hosts: KeyHosts;

beforeEach(() => {
  hosts = new KeyHosts();
});

afterEach(() => {
  vi.useRealTimers();
});

const get = (url: string, issuer = ISSUER) => createGuardedFetch(hosts.fetch, issuer)(url);

/** A body that is sent in parts, without a Content-Length. */
function streamed(parts: number, bytes: number): Response {
  let left = parts;
  const body = new ReadableStream({
    pull(controller) {
      if (left === 0) return controller.close();
      left -= 1;
      controller.enqueue(new Uint8Array(bytes).fill(32));
    },
  });
  return new Response(body);
}

describe("guarded fetch", () => {
  it("returns a JSON object", async () => {
    hosts.serves(URL_OF_KEYS, { keys: [] });
    expect(await get(URL_OF_KEYS)).toEqual({ keys: [] });
  });

  it.each([
    "http://idp.example/jwks",
    "ftp://idp.example/jwks",
    "https://user@idp.example/jwks",
    "https://localhost/jwks",
    "https://localhost./jwks",
    "https://api.localhost/jwks",
    "https://idp/jwks",
    "https://idp.local/jwks",
    "https://idp.internal/jwks",
    "https://idp.internal./jwks",
    "https://router.home.arpa/jwks",
    "https://127.0.0.1/jwks",
    "https://127.1/jwks",
    "https://2130706433/jwks",
    "https://0x7f.0.0.1/jwks",
    "https://10.0.0.1/jwks",
    "https://172.16.0.1/jwks",
    "https://192.168.1.1/jwks",
    "https://169.254.169.254/latest/meta-data",
    "https://100.64.0.1/jwks",
    "https://0.0.0.0/jwks",
    "https://224.0.0.1/jwks",
    "https://[::1]/jwks",
    "https://[::]/jwks",
    "https://[fe80::1]/jwks",
    "https://[fd00::1]/jwks",
    "https://[::ffff:127.0.0.1]/jwks",
    "https://[::ffff:10.0.0.1]/jwks",
    "https://[64:ff9b::7f00:1]/jwks",
    "not a url",
    "",
  ])("asks nobody for %s", async (url) => {
    await expect(get(url)).rejects.toThrow(new FetchRefused("not at a public host"));
    expect(hosts.asked).toEqual([]);
  });

  it.each(["https://8.8.8.8/jwks", "https://[2606:4700::1111]/jwks", "https://idp.example:8443/jwks"])(
    "asks a public host: %s",
    async (url) => {
      hosts.serves(url, {});
      expect(await get(url)).toEqual({});
    },
  );

  it("asks loopback only for a server that runs there itself", async () => {
    hosts.serves("http://localhost:9000/jwks", {});
    expect(await get("http://localhost:9000/jwks", "http://localhost:8787")).toEqual({});
    await expect(get("http://192.168.1.1/jwks", "http://localhost:8787")).rejects.toThrow(FetchRefused);
    await expect(get("https://192.168.1.1/jwks", "http://localhost:8787")).rejects.toThrow(FetchRefused);
  });

  it("follows no redirect", async () => {
    hosts.answers(URL_OF_KEYS, () => new Response(null, { status: 302, headers: { location: "http://127.0.0.1/" } }));
    await expect(get(URL_OF_KEYS)).rejects.toThrow("status 302");
    expect(hosts.asked).toEqual([URL_OF_KEYS]);
  });

  it("tells the platform not to follow redirects either", async () => {
    const options: (RequestInit | undefined)[] = [];
    const recording: typeof fetch = async (_input, init) => {
      options.push(init as RequestInit);
      return Response.json({});
    };
    await createGuardedFetch(recording, ISSUER)(URL_OF_KEYS);
    expect(options).toEqual([expect.objectContaining({ redirect: "manual", signal: expect.any(AbortSignal) })]);
  });

  it.each([204, 304, 404, 500])("refuses status %i", async (status) => {
    hosts.answers(URL_OF_KEYS, () => new Response(null, { status }));
    await expect(get(URL_OF_KEYS)).rejects.toThrow(`status ${status}`);
  });

  it.each(["", "not json", "[]", "null", '"text"', "{"])("refuses the body %j", async (body) => {
    hosts.answers(URL_OF_KEYS, () => new Response(body));
    await expect(get(URL_OF_KEYS)).rejects.toThrow(new FetchRefused("no JSON object"));
  });

  it("stops reading a body that is too long", async () => {
    let pulled = 0;
    const endless = new ReadableStream({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(16 * 1024));
      },
    });
    hosts.answers(URL_OF_KEYS, () => new Response(endless));
    await expect(get(URL_OF_KEYS)).rejects.toThrow(new FetchRefused("too long"));
    expect(pulled).toBeLessThan(40);
  });

  it("stops reading a body that is small only while it is compressed", async () => {
    let pulled = 0;
    const zeros = new ReadableStream({
      pull(controller) {
        pulled += 1;
        if (pulled > 1_000) return controller.close();
        controller.enqueue(new Uint8Array(64 * 1024));
      },
    });
    const inflated = zeros.pipeThrough(new CompressionStream("gzip")).pipeThrough(new DecompressionStream("gzip"));
    hosts.answers(URL_OF_KEYS, () => new Response(inflated));
    await expect(get(URL_OF_KEYS)).rejects.toThrow(new FetchRefused("too long"));
  });

  it.each(["[".repeat(200_000), `${'{"a":'.repeat(40_000)}1${"}".repeat(40_000)}`, `{"a":${"9".repeat(100_000)}}`])(
    "comes to an end with JSON that is made to be hard",
    async (body) => {
      hosts.answers(URL_OF_KEYS, () => new Response(body));
      const outcome = await get(URL_OF_KEYS).then(
        (value) => typeof value,
        (error) => error.name,
      );
      expect(outcome).toBeOneOf(["object", "FetchRefused"]);
    },
  );

  it("takes a body of exactly the limit", async () => {
    hosts.answers(URL_OF_KEYS, () => new Response(`{}${" ".repeat(LIMIT - 2)}`));
    expect(await get(URL_OF_KEYS)).toEqual({});
    hosts.answers(URL_OF_KEYS, () => streamed(1, LIMIT + 1));
    await expect(get(URL_OF_KEYS)).rejects.toThrow(new FetchRefused("too long"));
  });

  it("waits five seconds for the answer and no longer", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const silent: typeof fetch = (_input, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
      });
    const answer = expect(createGuardedFetch(silent, ISSUER)(URL_OF_KEYS)).rejects.toThrow(
      new FetchRefused("no answer in time"),
    );
    await vi.advanceTimersByTimeAsync(5_000);
    await answer;
  });

  it("waits five seconds for a body that trickles and no longer", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const stalled = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"keys":[]}')),
    });
    hosts.answers(URL_OF_KEYS, () => new Response(stalled));
    const answer = expect(get(URL_OF_KEYS)).rejects.toThrow(new FetchRefused("no answer in time"));
    await vi.advanceTimersByTimeAsync(5_000);
    await answer;
  });

  it("refuses an answer that breaks off", async () => {
    const broken = new ReadableStream({ pull: (controller) => controller.error(new Error("connection lost")) });
    hosts.answers(URL_OF_KEYS, () => new Response(broken));
    await expect(get(URL_OF_KEYS)).rejects.toThrow(new FetchRefused("its host cannot be reached"));
  });

  it("refuses a host that cannot be reached", async () => {
    await expect(get(URL_OF_KEYS)).rejects.toThrow(new FetchRefused("its host cannot be reached"));
  });
});
