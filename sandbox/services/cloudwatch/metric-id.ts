/** What tells one metric from another. Sources: "Dimensions" in the CloudWatch user guide, "Amazon CloudWatch concepts". */
export interface MetricId {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Dimensions;
}

export type Dimensions = Readonly<Record<string, string>>;

/** As requests and templates have them. */
export interface Dimension {
  readonly Name: string;
  readonly Value: string;
}

export function dimensionsOf(list: readonly Dimension[] = []): Dimensions {
  return Object.fromEntries(list.map(({ Name, Value }) => [Name, Value]));
}

export function dimensionList(dimensions: Dimensions): Dimension[] {
  return Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
}

/** The same text for the same metric, in whatever order its dimensions stand. No part of it can have a line break. */
export function metricKey({ namespace, metricName, dimensions }: MetricId): string {
  const names = Object.keys(dimensions);
  if (names.length > 1) names.sort();
  let key = `${namespace}\n${metricName}`;
  for (const name of names) key += `\n${name}\n${dimensions[name]}`;
  return key;
}
