/** What a metric was told in one minute. */
export interface Sample {
  readonly sampleCount: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
  /** How often each value came, where they differ and are known: of a statistic set nobody knows them. */
  readonly values?: ReadonlyMap<number, number>;
}

/** How often each value came, for percentiles. */
export function valuesOf({ values, sampleCount, minimum, maximum }: Sample): ReadonlyMap<number, number> | undefined {
  return minimum === maximum ? new Map([[minimum, sampleCount]]) : values;
}

export interface MinuteSample extends Sample {
  /** Milliseconds since the epoch at which the minute begins. */
  readonly timestamp: number;
}

export const MINUTE_MS = 60_000;

/**
 * The minutes of one metric in one unit. Most metrics are told one value a minute; such a minute takes nine bytes here, so
 * that a week of many metrics fits into memory. The others keep all there is to know.
 */
export class Minutes {
  private readonly chunks = new Map<number, Chunk>();

  add(timestamp: number, sample: Sample): void {
    const minute = Math.floor(timestamp / MINUTE_MS);
    const chunk = this.chunk(Math.floor(minute / CHUNK));
    const index = minute % CHUNK;
    if (chunk.kind[index] === EMPTY && isSingle(sample)) {
      chunk.kind[index] = SINGLE;
      chunk.sum[index] = sample.sum;
      return;
    }
    chunk.details.set(index, merged(sampleAt(chunk, index), sample));
    chunk.kind[index] = DETAILED;
  }

  /** The minutes that were told anything, with `from` <= timestamp < `to`. */
  *between(from: number, to: number): Generator<MinuteSample> {
    const [first, end] = [Math.ceil(from / MINUTE_MS), Math.ceil(to / MINUTE_MS)];
    for (const number of this.chunkNumbers(first, end)) {
      const chunk = this.chunks.get(number)!;
      const start = number * CHUNK;
      for (let minute = Math.max(first, start); minute < Math.min(end, start + CHUNK); minute++) {
        const sample = sampleAt(chunk, minute - start);
        if (sample === undefined) continue;
        const { sampleCount, sum, minimum, maximum, values } = sample;
        yield { timestamp: minute * MINUTE_MS, sampleCount, sum, minimum, maximum, values };
      }
    }
  }

  /** Those that exist, in the order of time: the range asked for may be much longer than what is there. */
  private chunkNumbers(first: number, end: number): number[] {
    const [low, high] = [Math.floor(first / CHUNK), Math.floor((end - 1) / CHUNK)];
    if (high - low >= this.chunks.size) {
      return [...this.chunks.keys()].filter((number) => number >= low && number <= high).sort((a, b) => a - b);
    }
    const range = Array.from({ length: Math.max(0, high - low + 1) }, (_, index) => low + index);
    return range.filter((number) => this.chunks.has(number));
  }

  private chunk(number: number): Chunk {
    const existing = this.chunks.get(number);
    if (existing !== undefined) return existing;
    const chunk = { kind: new Uint8Array(CHUNK), sum: new Float64Array(CHUNK), details: new Map() };
    this.chunks.set(number, chunk);
    return chunk;
  }
}

/** Three hours. */
const CHUNK = 180;
const [EMPTY, SINGLE, DETAILED] = [0, 1, 2];

interface Chunk {
  readonly kind: Uint8Array;
  readonly sum: Float64Array;
  readonly details: Map<number, Sample>;
}

function sampleAt(chunk: Chunk, index: number): Sample | undefined {
  const kind = chunk.kind[index];
  if (kind === DETAILED) return chunk.details.get(index);
  return kind === SINGLE ? single(chunk.sum[index]!) : undefined;
}

function isSingle({ sampleCount, sum, minimum, maximum }: Sample): boolean {
  return sampleCount === 1 && sum === minimum && sum === maximum;
}

export function single(value: number): Sample {
  return { sampleCount: 1, sum: value, minimum: value, maximum: value };
}

/** Two samples of one period as one. */
export function merged(a: Sample | undefined, b: Sample): Sample {
  if (a === undefined) return b;
  const [minimum, maximum] = [Math.min(a.minimum, b.minimum), Math.max(a.maximum, b.maximum)];
  const both = { sampleCount: a.sampleCount + b.sampleCount, sum: a.sum + b.sum, minimum, maximum };
  const [ofA, ofB] = minimum === maximum ? [] : [valuesOf(a), valuesOf(b)];
  return ofA === undefined || ofB === undefined ? both : { ...both, values: counted(ofA, ofB) };
}

function counted(a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): ReadonlyMap<number, number> {
  const counts = new Map(a);
  for (const [value, count] of b) counts.set(value, (counts.get(value) ?? 0) + count);
  return counts;
}
