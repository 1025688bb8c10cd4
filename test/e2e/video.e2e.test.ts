import { expect, test } from "vitest";
import { openPage } from "./browser";

test("a video file's faces are found, restored and drawn until it ends, late frames left out", async () => {
  const { page, screenshot } = await openPage("/test/e2e/pages/video.html");
  await page.waitForFunction(() => "filmed" in window);
  const { frames, restored, dropped, ended } = await page.evaluate(() => filmed.fileRun(4));
  await screenshot("video_file");
  expect(ended).toBe(true);
  expect(restored).toBe(frames.length);
  expect(restored).toBeGreaterThanOrEqual(2);
  // 6 frames a second are more than a CPU restores
  expect(dropped).toBeGreaterThan(0);
  const times = frames.map(({ seconds }) => seconds);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  for (const { faces, changedInside, changedOutside } of frames) {
    expect(faces).toBe(1);
    expect(changedInside).toBeGreaterThan(100);
    expect(changedOutside).toBe(0);
  }
  expect(frames.at(-1)!.leftEye!, "the face moved to the right").toBeGreaterThan(
    frames[0].leftEye!,
  );
}, 120_000);

test("a camera's frames are restored until the signal stops it, without an error", async () => {
  const { page, screenshot } = await openPage("/test/e2e/pages/video.html");
  await page.waitForFunction(() => "filmed" in window);
  const { frames, restored, ended } = await page.evaluate(() => filmed.cameraRun(4));
  await screenshot("video_camera");
  expect({ restored, ended }).toEqual({ restored: 4, ended: false });
  for (const { faces, changedInside, changedOutside } of frames) {
    expect(faces).toBe(1);
    expect(changedInside).toBeGreaterThan(100);
    expect(changedOutside).toBe(0);
  }
});
