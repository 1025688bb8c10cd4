import { expect, test } from "vitest";
import { PUBLISHED, tensorContract } from "../../src/weights/published";

test("every published model has one name, places, and figures that can be checked", () => {
  const names = PUBLISHED.map(({ name }) => name.toLowerCase());
  expect(new Set(names).size).toBe(names.length);
  for (const model of PUBLISHED) {
    expect(model.places.every((place) => URL.canParse(place)) && model.places.length > 0).toBe(
      true,
    );
    expect(model.sha256 === undefined || /^[0-9a-f]{64}$/.test(model.sha256), model.name).toBe(
      true,
    );
    // a hash without a size would make a cut download look like another file
    expect(model.bytes === undefined, model.name).toBe(model.sha256 === undefined);
  }
});

test("only the model that does not normalise takes values from 0 to 1", () => {
  const contracts = PUBLISHED.map((model) => [model.task, tensorContract(model)]);
  for (const [task, contract] of contracts) {
    expect(contract.includes("RGB in [0, 1] ->"), contract).toBe(task === "seg2face");
  }
});
