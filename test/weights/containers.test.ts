import { expect, test } from "vitest";
import { readPytorch } from "../../src/weights/pytorch";
import { readSafetensors } from "../../src/weights/safetensors";
import { contents, golden, refuses } from "./files";

const expected = await readSafetensors(golden("odd/expected.safetensors"));

// All comparisons are of bits: readers move numbers and never compute with them, and every half
// and bfloat16 value is a float32. The doubles were rounded by PyTorch, to nearest as here.

for (const file of ["weights.pth", "weights_legacy.pth"]) {
  test(`bfr64/${file} holds the tensors of the safetensors file`, async () => {
    const truth = await contents(await readSafetensors(golden("bfr64/weights.safetensors")));
    expect(Object.keys(truth)).toHaveLength(96);
    expect(await contents(await readPytorch(golden(`bfr64/${file}`)))).toEqual(truth);
  });
}

const ODD: readonly (readonly [file: string, why: string])[] = [
  ["half.pth", "float16, with a scalar and an empty tensor"],
  ["half_legacy.pth", "float16 in the legacy container"],
  ["bfloat16.pth", "bfloat16"],
  ["double.pth", "float64"],
  ["protocol3.pth", "pickle protocol 3"],
  ["protocol4.pth", "pickle protocol 4: frames, short strings, MEMOIZE, STACK_GLOBAL"],
  ["views.pth", "transposed, permuted, strided and offset views of one storage"],
  ["views_legacy.pth", "the same views in the legacy container"],
  ["deflated.pth", "the same views in deflated entries"],
  ["zip64.pth", "the same views where every 32-bit field of the archive is saturated"],
  ["parameters.pth", "torch.nn.Parameter instead of tensors"],
  ["parallel.pth", '"module." before every name'],
  ["beside.pth", "numbers, text, None and True beside the tensors"],
  ["prior.pth", "a generator alone"],
];

for (const [file, why] of ODD) {
  test(`odd/${file}: ${why}`, async () => {
    const got = await contents(await readPytorch(golden(`odd/${file}`)));
    expect(got).toEqual(await contents(expected, `${file}/`));
  });
}

test("a training checkpoint gives its averaged generator, or the entry that is asked for", async () => {
  const source = golden("odd/training.pth");
  const averaged = await contents(await readPytorch(source));
  expect(averaged).toEqual(await contents(expected, "training.pth/g_ema/"));
  const discriminator = await contents(await readPytorch(source, { key: "d" }));
  expect(discriminator).toEqual(await contents(expected, "training.pth/d/"));
});

test("an entry that does not exist is answered with those that do", async () => {
  const open = () => readPytorch(golden("odd/training.pth"), { key: "g" });
  await refuses(
    open,
    'no entry "g"; dictionaries are "g_ema", "d", "d_optim"; choose one with --key',
  );
  const optimiser = () => readPytorch(golden("odd/training.pth"), { key: "d_optim" });
  await refuses(optimiser, 'no tensors in the entry "d_optim"');
  await refuses(() => readPytorch(golden("odd/half.pth"), { key: "g" }), "leave --key out");
});

test("an integer counter does not stop the file from opening, only from being read itself", async () => {
  const { tensors } = await readPytorch(golden("odd/counter.pth"));
  expect([...tensors.keys()]).toContain("running_mean");
  await refuses(
    () => tensors.get("num_batches_tracked")?.read(),
    '"num_batches_tracked" is stored as I64',
  );
});

const REFUSED: readonly (readonly [file: string, words: string])[] = [
  ["expanded.pth", "repeats those of storage"],
  ["sparse.pth", '"torch._utils._rebuild_sparse_tensor"'],
  ["module.pth", '"torch.nn.modules.linear.Linear"'],
  ["list.pth", "the file holds a list"],
  ["mixed.pth", '"nested" beside the tensors is a dictionary'],
];

for (const [file, words] of REFUSED) {
  test(`odd/${file} is refused with a sentence`, async () => {
    await refuses(() => readPytorch(golden(`odd/${file}`)), words);
  });
}
