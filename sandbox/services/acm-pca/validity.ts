import { invalidArgs } from './errors';

export interface Validity {
  readonly Type: string;
  readonly Value: number;
}

/** Certificates begin an hour early, for clocks that are behind. Source: the reference of IssueCertificate */
const EARLY_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** From when and until when a certificate of this validity counts. */
export function periodOf(validity: Validity, now: number, givenStart: Validity | undefined) {
  const start = givenStart === undefined ? now - EARLY_MS : endOf(givenStart, now);
  const end = endOf(validity, now);
  // X.509 knows whole seconds only.
  const seconds = (time: number) => new Date(Math.floor(time / 1000) * 1000);
  if (end <= start) throw invalidArgs('the validity of the certificate ends before it begins');
  return { notBefore: seconds(start), notAfter: seconds(end) };
}

function endOf({ Type, Value }: Validity, now: number): number {
  const date = new Date(now);
  switch (Type) {
    case 'ABSOLUTE':
      return Value * 1000;
    case 'END_DATE':
      return endDate(Value);
    case 'DAYS':
      return now + Value * DAY_MS;
    case 'MONTHS':
      return date.setUTCMonth(date.getUTCMonth() + Value);
    case 'YEARS':
      return date.setUTCFullYear(date.getUTCFullYear() + Value);
    default:
      throw invalidArgs(`validity type ${Type} is unknown`);
  }
}

/** `YYMMDDHHMMSS` or `YYYYMMDDHHMMSS` as a number; two digits mean 1950 to 2049. */
function endDate(value: number): number {
  const digits = String(value);
  const short = digits.padStart(12, '0');
  const century = Number(short.slice(0, 2)) < 50 ? '20' : '19';
  const text = digits.length > 12 ? digits : `${century}${short}`;
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text) ?? [];
  if (year === undefined) throw invalidArgs(`END_DATE must be YYYYMMDDHHMMSS, got ${value}`);
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
}
