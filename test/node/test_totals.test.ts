import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { addTotals, readTotals, showTotals } from "../../scripts/test_totals";

function report(fields: object): string {
  const file = join(mkdtempSync(join(tmpdir(), "gpen-totals-")), "report.json");
  const none = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
  writeFileSync(file, JSON.stringify({ ...none, testResults: [], ...fields }));
  return file;
}

test("passed, failed and skipped tests are counted", () => {
  const file = report({
    numPassedTests: 7,
    numFailedTests: 1,
    numPendingTests: 2,
    numTodoTests: 1,
  });
  expect(readTotals(file, 1)).toEqual({ passed: 7, failed: 1, skipped: 3 });
});

test("a file that cannot be loaded is a failure, though it has no tests", () => {
  const broken = { status: "failed", assertionResults: [] };
  const known = { status: "failed", assertionResults: [{ status: "failed" }] };
  const file = report({ numFailedTests: 1, testResults: [broken, known] });
  expect(readTotals(file, 1).failed).toBe(2);
});

test("a run that dies is a failure, with or without a report", () => {
  expect(readTotals(report({ numPassedTests: 7 }), 124).failed).toBe(1);
  expect(readTotals("/no/such/report.json", 0).failed).toBe(1);
});

test("totals are added up and end the output in one line", () => {
  const runs = [
    { passed: 2, failed: 0, skipped: 0 },
    { passed: 3, failed: 1, skipped: 4 },
  ];
  expect(showTotals(addTotals(runs))).toBe("5 passed, 1 failed, 4 skipped");
  expect(showTotals(runs[0])).toBe("2 passed, 0 failed");
});
