import { Presets, SingleBar } from "cli-progress";

export interface Progress {
  /** One more picture is done, well or badly. */
  step(file: string): void;
  stop(): void;
}

/** A progress bar on stderr; where that is no terminal, one line per picture. */
export function openProgress(total: number): Progress {
  let done = 0;
  if (!process.stderr.isTTY) {
    const step = (file: string) => {
      done += 1;
      process.stderr.write(`${done}/${total} ${file}\n`);
    };
    return { step, stop: () => {} };
  }
  const format = "{bar} {value}/{total} {file} {eta_formatted} left";
  const bar = new SingleBar({ format, stream: process.stderr }, Presets.shades_classic);
  bar.start(total, 0, { file: "" });
  return {
    step: (file) => bar.update(++done, { file }),
    stop: () => bar.stop(),
  };
}
