import { expect, test } from "vitest";
import { bySize } from "../../src/faces/by_size";
import type { Network } from "../../src/faces/networks";
import type { Size } from "../../src/tensor";

function counted() {
  const live = new Set<string>();
  const make = ({ width, height }: Size) => {
    const name = `${width}x${height}`;
    expect(live.has(name), `${name} twice`).toBe(false);
    live.add(name);
    return { width, height, dispose: () => live.delete(name) } as unknown as Network;
  };
  return { all: bySize(make), live: () => [...live].sort() };
}

const side = (width: number) => ({ width, height: 64 });

test("networks of a photo's sizes wait for the next photo, others are freed when it is done", async () => {
  const { all, live } = counted();
  await all.during(async () => [all.of(side(64)), all.of(side(96)), all.of(side(96))]);
  expect(live()).toEqual(["64x64", "96x64"]);
  await all.during(async () => {
    all.of(side(96));
    expect(live()).toEqual(["64x64", "96x64"]);
  });
  expect(live()).toEqual(["96x64"]);
  all.dispose();
  expect(live()).toEqual([]);
});

test("nothing is freed while another photo may need it, and nothing stays after a disposal meanwhile", async () => {
  const { all, live } = counted();
  let finish = () => {};
  const slow = all.during(async () => {
    all.of(side(64));
    await new Promise<void>((done) => {
      finish = done;
    });
    return all.of(side(64));
  });
  await all.during(async () => all.of(side(96)));
  await expect(all.during(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(live()).toEqual(["64x64", "96x64"]);
  finish();
  await slow;
  expect(live()).toEqual(["64x64", "96x64"]); // both of photos that ran together
  await all.during(async () => {
    all.dispose();
    all.of(side(128)); // a detection that goes on after its detector was disposed of
  });
  expect(live()).toEqual([]);
});
