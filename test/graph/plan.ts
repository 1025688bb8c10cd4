import { expect } from "vitest";
import type { Limits } from "../../src/graph/limits";
import type { Program } from "../../src/graph/program";

/**
 * Steps between which a tensor must keep its numbers: from its first writing (-1 for what is given
 * before the run) to its last reading, or past the end for outputs.
 */
function lifetimes({ steps, tensors, inputs, outputs }: Program) {
  const lives = tensors.map(() => ({ first: Infinity, last: -Infinity }));
  const use = (tensor: number, at: number) => {
    lives[tensor].first = Math.min(lives[tensor].first, at);
    lives[tensor].last = Math.max(lives[tensor].last, at);
  };
  for (const tensor of Object.values(inputs)) use(tensor, -1);
  steps.forEach((step, i) => {
    for (const tensor of [step.writes, ...Object.values(step.reads)]) use(tensor, i);
  });
  for (const tensor of Object.values(outputs)) use(tensor, steps.length);
  return lives;
}

/** Fails if two tensors that are alive at one step share a slot, or a slot is too small. */
export function expectApart(program: Program): void {
  const lives = lifetimes(program);
  const bySlot = new Map<number, number[]>();
  program.tensors.forEach(({ place, bytes, name }, i) => {
    if (!("slot" in place)) return;
    expect(program.slotBytes[place.slot], name).toBeGreaterThanOrEqual(bytes);
    bySlot.set(place.slot, [...(bySlot.get(place.slot) ?? []), i]);
  });
  for (const tensors of bySlot.values()) {
    for (const a of tensors) {
      for (const b of tensors) {
        const together = lives[a].first <= lives[b].last && lives[b].first <= lives[a].last;
        if (a < b && together)
          expect.fail(`${program.tensors[a].name} and ${program.tensors[b].name} share a slot`);
      }
    }
  }
}

/** Fails unless every binding lies within its tensor, is aligned and is no larger than allowed. */
export function expectBindable({ steps, tensors }: Program, limits: Limits): void {
  for (const { label, bindings, kernel } of steps) {
    expect(bindings.length, label).toBe(kernel.bindings.length - 1);
    for (const { tensor, offset, size } of bindings) {
      const { bytes, name } = tensors[tensor];
      expect(bytes, name).toBeLessThanOrEqual(limits.maxBufferSize);
      expect(size, `${label}: ${name}`).toBeGreaterThan(0);
      expect(size, `${label}: ${name}`).toBeLessThanOrEqual(limits.maxStorageBufferBindingSize);
      expect(offset + size, `${label}: ${name}`).toBeLessThanOrEqual(bytes);
      expect(offset % 256, `${label}: ${name}`).toBe(0);
    }
  }
}

/**
 * Fails unless the bands of every node write each of its rows, in each sample, exactly once. Rows
 * that exist only between two kernels may be computed again for the next band.
 */
export function expectCovered({ steps, tensors }: Program): void {
  for (const [index, { name, shape, scratch }] of tensors.entries()) {
    const bands = steps.filter(({ writes }) => writes === index);
    if (bands.length === 0 || shape.length !== 4) continue;
    const [samples, , h] = shape;
    const written = new Array<number>(samples * h).fill(0);
    for (const { band } of bands) {
      const { n: first, count, row: top, rows } = band;
      for (let n = first; n < first + count; n++) {
        for (let row = top; row < top + rows; row++) written[n * h + row]++;
      }
    }
    const wrong = written.findIndex((times) => !(times === 1 || (scratch && times > 1)));
    expect(wrong, `${name}: row ${wrong} is written ${written[wrong]} times`).toBe(-1);
  }
}
