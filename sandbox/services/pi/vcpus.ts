/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html */
const BY_SIZE: Readonly<Record<string, number>> = { micro: 2, small: 2, medium: 2, large: 2, xlarge: 4 };

/** The vCPUs of an instance class; of a serverless one, whose capacity moves, a constant 2. */
export function vcpusOf(instanceClass: string): number {
  const size = instanceClass.split('.').at(-1)!;
  if (size === 'serverless') return 2;
  // The only class of this size that has but one.
  if (size === 'medium' && !/^db\.t/.test(instanceClass)) return 1;
  const multiple = /^(\d+)xlarge$/.exec(size);
  const vcpus = multiple === null ? BY_SIZE[size] : Number(multiple[1]) * 4;
  if (vcpus === undefined) throw new Error(`the sandbox does not know how many vCPUs the class '${instanceClass}' has`);
  return vcpus;
}
