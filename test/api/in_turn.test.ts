import { expect, test } from "vitest";
import type { Gpu } from "../../src/index";
import { inTurn } from "../../src/restore/in_turn";

test("one thing after another, also after a failure; who is aborted in wait hears it at once", async () => {
  const gpu = { check() {} } as Gpu;
  const events: string[] = [];
  let release = () => {};
  const busy = new Promise<void>((done) => {
    release = done;
  });
  const begin = (name: string, signal?: AbortSignal) =>
    inTurn(
      gpu,
      async () => {
        events.push(`${name} begins`);
        await busy;
        if (name === "a") throw new Error("a failed");
        return name;
      },
      signal,
    ).then(
      (result) => events.push(`${result} is done`),
      (reason) => events.push(`${name}: ${reason}`),
    );
  const control = new AbortController();
  const [a, b, c] = [begin("a"), begin("b", control.signal), begin("c")];
  await Promise.resolve();
  control.abort("left");
  await b;
  expect(events).toEqual(["a begins", "b: left"]);
  release();
  await Promise.all([a, c]);
  expect(events.slice(2)).toEqual(["a: Error: a failed", "c begins", "c is done"]);
  // while it runs, the work itself says how it ends
  const later = new AbortController();
  const d = begin("d", later.signal);
  await new Promise((done) => setTimeout(done, 1));
  later.abort("too late");
  await d;
  expect(events.at(-1)).toBe("d is done");
});
