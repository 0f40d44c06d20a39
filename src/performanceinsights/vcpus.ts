const VCPUS_BY_SIZE: Readonly<Record<string, number>> = { micro: 2, small: 2, medium: 2, large: 2, xlarge: 4 };
/** The oldest burstable class has one. */
const SINGLE = new Set(['db.t2.micro', 'db.t2.small', 'db.t1.micro', 'db.m1.small', 'db.m1.medium', 'db.m3.medium']);

/**
 * Number of vCPUs of an instance class such as `db.r6g.2xlarge`; undefined where it varies (serverless) or is not known.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html
 */
export function vcpusOfClass(instanceClass: string): number | undefined {
  const [, size, ...rest] = instanceClass.replace(/^db\./, '').split('.');
  // A suffix such as ".tpc2.mem2x" is of Oracle, whose threads and cores can be chosen.
  if (size === undefined || rest.length > 0) return undefined;
  if (SINGLE.has(instanceClass)) return 1;
  const multiple = /^(\d+)xlarge$/.exec(size);
  return multiple === null ? VCPUS_BY_SIZE[size] : 4 * Number(multiple[1]);
}
