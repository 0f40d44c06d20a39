import type { AwsClients } from '../../src/runtime/clients';

/** What a call answers, or throws; the region is that of the client. */
// biome-ignore lint/suspicious/noExplicitAny: inputs and answers are those of many services
export type FakeOperation = (input: any, region: string) => unknown;

/** AWS as the given operations, by their names; a call of any other fails. Keeps the names of the calls. */
export class FakeAws {
  readonly calls: string[] = [];

  constructor(
    private readonly operations: Readonly<Record<string, FakeOperation>>,
    private readonly homeRegion = 'eu-central-1',
  ) {}

  get clients(): AwsClients {
    return this.inRegion(this.homeRegion);
  }

  private inRegion(region: string): AwsClients {
    const send = async (command: { constructor: { name: string }; input: unknown }) => {
      const name = command.constructor.name.replace(/Command$/, '');
      const operation = this.operations[name];
      if (operation === undefined) throw new Error(`unexpected call of ${name}`);
      this.calls.push(region === this.homeRegion ? name : `${name} in ${region}`);
      return operation(command.input, region);
    };
    const clients = { region, get: () => ({ send }), inRegion: (other: string) => this.inRegion(other) };
    return clients as unknown as AwsClients;
  }
}
