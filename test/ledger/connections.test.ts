import { expect, it } from "vitest";
import { DOWN } from "../support/faulty-record.ts";
import { onStage } from "../support/ledger-stage.ts";

it(
  "a connection that was ended before D1 had made it is known all the same, so that what is left of it can be removed",
  onStage(async (stage) => {
    const { channel } = stage.record;
    stage.record.channel = DOWN;
    await stage.change({ kind: "put_connection", clientId: "server", scopes: [] });
    await stage.change({ kind: "end_connection", clientId: "server", resources: "keep" });
    stage.record.channel = channel;
    await stage.ledger.alarm();
    const removal = { kind: "end_connection", clientId: "server", resources: "remove" } as const;
    expect(await stage.change(removal)).toMatchObject({ outcome: "done" });
    expect(await stage.change({ ...removal, clientId: "stranger" })).toEqual({ outcome: "not_found" });
  }),
);
