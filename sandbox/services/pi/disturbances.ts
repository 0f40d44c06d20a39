/** What happens to one database beside its usual work. Times are seconds since the epoch; `to` is exclusive. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Incident {
  readonly resourceId: string;
  readonly from: Date;
  readonly to: Date;
  /** Active sessions on top of the usual ones. */
  readonly sessions: number;
  /** @default CPU */
  readonly waitEvent?: string;
  /** The type of a wait event that the engine usually does not have. @default - its name */
  readonly waitEventType?: string;
  /** The id of a digest that the database has, or a text. @default - the database's most frequent statement */
  readonly sql?: string;
  /** @default - whoever runs the database's most frequent statement; so with the others */
  readonly user?: string;
  readonly host?: string;
  readonly database?: string;
  readonly application?: string;
}

export type DetailStatus = 'AVAILABLE' | 'PROCESSING' | 'UNAVAILABLE';

export class Disturbances {
  readonly incidents: Incident[] = [];
  /** Nothing was measured. */
  readonly gaps: Span[] = [];
  /** Measured, and no session was active. */
  readonly idle: Span[] = [];
  /** What was measured is not a number. */
  readonly nan: Span[] = [];
  /** Of statements, by id. */
  readonly details = new Map<string, DetailStatus>();
  /** The average number of active sessions, in place of one that fits the instance class. */
  baseline?: number;

  /** All instants at which something begins or ends. */
  get edges(): number[] {
    return [...this.gaps, ...this.idle, ...this.nan, ...this.incidents.map(spanOf)].flatMap(({ from, to }) => [
      from,
      to,
    ]);
  }
}

export function spanOf({ from, to }: { readonly from: Date; readonly to: Date }): Span {
  const span = { from: Math.ceil(from.getTime() / 1000), to: Math.ceil(to.getTime() / 1000) };
  if (!(span.from < span.to)) throw new Error(`from must be earlier than to, got ${from} and ${to}`);
  return span;
}

export function within(spans: readonly Span[], second: number): boolean {
  return spans.some(({ from, to }) => from <= second && second < to);
}
