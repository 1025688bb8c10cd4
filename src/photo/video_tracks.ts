import type { Face, FacePoints, Point } from "./face";
import { type Filter, oneEuro } from "./video_filter";

/** Faces of one frame after another, their points smoothed over time. */
export interface FaceTracks {
  /** The faces found at this time, in the order of their first appearance. */
  follow(found: readonly Face[], seconds: number): readonly Face[];
  /** Forgets all faces: what comes next has nothing to do with what was. */
  reset(): void;
}

interface Track {
  face: Face;
  seen: number;
  readonly smooth: (points: FacePoints, seconds: number) => FacePoints;
}

/** Least overlap (intersection over union) of a face with itself one frame before. */
const SAME_FACE = 0.3;
/** Seconds for which a face that the detector misses stays where it was: some blinks. */
const PATIENCE = 0.25;
/**
 * In widths of the face: a face at rest is smoothed at 0.5 Hz, one that moves by its width a second
 * at 8.5 Hz. Jitter of the detector from frame to frame is then a sixth; the lag is under a twentieth
 * of the face (test/photo/video_tracks.test.ts).
 */
const AT_REST = 0.5;
const MOVING = 8;

export function faceTracks(): FaceTracks {
  let tracks: Track[] = [];
  return {
    follow(found, seconds) {
      const pairs = matches(tracks, found);
      for (const [track, face] of pairs) {
        track.face = { ...face, points: track.smooth(face.points, seconds) };
        track.seen = seconds;
      }
      const known = new Set(pairs.values());
      const kept = tracks.filter(({ seen }) => seconds - seen <= PATIENCE);
      const fresh = found.filter((face) => !known.has(face));
      tracks = [...kept, ...fresh.map((face) => begin(face, seconds))];
      return tracks.map(({ face }) => face);
    },
    reset() {
      tracks = [];
    },
  };
}

function begin(face: Face, seconds: number): Track {
  const smooth = pointsFilter(face.box.width);
  return { face: { ...face, points: smooth(face.points, seconds) }, seen: seconds, smooth };
}

/** Each point has filters of its own; speeds count in widths of the face. */
function pointsFilter(width: number): Track["smooth"] {
  const filter = () => oneEuro({ minCutoff: AT_REST, beta: MOVING / width });
  const filters = new Map<string, readonly [Filter, Filter]>();
  return (points, seconds) => {
    const smoothed = Object.entries(points).map(([name, { x, y }]: [string, Point]) => {
      const [ofX, ofY] = filters.get(name) ?? [filter(), filter()];
      filters.set(name, [ofX, ofY]);
      return [name, { x: ofX(x, seconds), y: ofY(y, seconds) }];
    });
    return Object.fromEntries(smoothed);
  };
}

/** Pairs by overlap, the closest first; every track and every face at most once. */
function matches(tracks: readonly Track[], found: readonly Face[]): Map<Track, Face> {
  const pairs = tracks
    .flatMap((track) => found.map((face) => ({ track, face, overlap: overlap(track.face, face) })))
    .filter(({ overlap }) => overlap >= SAME_FACE)
    .sort((a, b) => b.overlap - a.overlap);
  const matched = new Map<Track, Face>();
  const taken = new Set<Face>();
  for (const { track, face } of pairs) {
    if (matched.has(track) || taken.has(face)) continue;
    matched.set(track, face);
    taken.add(face);
  }
  return matched;
}

function overlap({ box: a }: Face, { box: b }: Face): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const common = width * height;
  return common / (a.width * a.height + b.width * b.height - common);
}
