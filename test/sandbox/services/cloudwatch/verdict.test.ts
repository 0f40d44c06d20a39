import { type Mark, verdict } from '../../../../sandbox/services/cloudwatch/alarms/verdict';

const MARKS: Readonly<Record<string, Mark>> = { '0': 'ok', X: 'breaching', '-': 'missing' };
const marksOf = (text: string) => text.split(' ').map((sign) => MARKS[sign]!);
const [KEEP, NO_DATA] = [undefined, 'INSUFFICIENT_DATA'] as const;

// The tables of https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html: the last of five is
// the newest, and an alarm has three evaluation periods.
describe.each<[number, Array<[string, number, ...Array<string | undefined>]>]>([
  [
    3,
    [
      ['0 - X - X', 0, 'OK', 'OK', 'OK', 'OK'],
      ['0 - - - -', 2, 'OK', 'OK', 'OK', 'OK'],
      ['- - - - -', 3, NO_DATA, KEEP, 'ALARM', 'OK'],
      ['0 X X - X', 0, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
      ['- - X - -', 2, 'ALARM', KEEP, 'ALARM', 'OK'],
      // Premature: not told there, except that the alarm does not fire.
      ['- - - - X', 2, KEEP, KEEP, 'ALARM', 'OK'],
      ['- - - X -', 2, KEEP, KEEP, 'ALARM', 'OK'],
      ['- - - X 0', 1, 'OK', 'OK', 'OK', 'OK'],
    ],
  ],
  [
    2,
    [
      ['0 - X - X', 0, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
      ['0 0 X 0 X', 0, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
      ['0 - X - -', 1, 'OK', 'OK', 'ALARM', 'OK'],
      ['- - - - 0', 2, 'OK', 'OK', 'ALARM', 'OK'],
      ['- - - X -', 2, 'ALARM', KEEP, 'ALARM', 'OK'],
    ],
  ],
])('%d out of 3', (datapointsToAlarm, rows) => {
  test.each(rows)('%s', (text, filled, ...states) => {
    const treatments = ['missing', 'ignore', 'breaching', 'notBreaching'];
    const verdicts = treatments.map((treatMissingData) =>
      verdict(marksOf(text), { evaluationPeriods: 3, datapointsToAlarm, treatMissingData }),
    );
    expect(verdicts.map(({ state }) => state)).toEqual(states);
    expect(verdicts.map((one) => one.filled)).toEqual(treatments.map(() => filled));
  });
});
