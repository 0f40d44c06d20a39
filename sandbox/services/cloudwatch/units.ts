/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html, Unit */
const SIZES = ['', 'Kilo', 'Mega', 'Giga', 'Tera'];

function sizes(unit: string): string[] {
  const small = unit.toLowerCase();
  return SIZES.map((size) => (size === '' ? unit : `${size}${small}`));
}

const DATA = [...sizes('Bytes'), ...sizes('Bits')];

export const UNITS: readonly string[] = [
  'Seconds',
  'Microseconds',
  'Milliseconds',
  ...DATA,
  'Percent',
  'Count',
  ...DATA.map((unit) => `${unit}/Second`),
  'Count/Second',
  'None',
];
