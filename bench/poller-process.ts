import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

const LOOP = path.join(__dirname, 'poller-loop.cjs');
const KEYS_OF_A_GROUP = 10;

export interface WarmRun {
  /** All runs, those included that have warmed it up. */
  readonly runs: number;
  readonly cpuMs: number;
  readonly residentMb: number;
}

/** Runs the poller warm on the input of a schedule, with a server that answers at once what it is asked. */
export async function pollWarm(bundle: string, input: string): Promise<WarmRun> {
  const calls = { published: 0 };
  const server = createServer((request, response) => void answer(request, response, calls));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const measured = await measure(bundle, input, server);
    if (calls.published !== measured.runs)
      throw new Error(`${measured.runs} runs have published ${calls.published} times`);
    return measured;
  } finally {
    server.close();
  }
}

async function measure(bundle: string, input: string, server: Server): Promise<WarmRun> {
  const { port } = server.address() as AddressInfo;
  const child = fork(LOOP, [bundle, input], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      AWS_REGION: 'eu-central-1',
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'of-nobody',
      NODE_NO_WARNINGS: '1',
    },
  });
  const ended = once(child, 'exit').then(() => {
    throw new Error('the process of the poller ended before it had measured anything');
  });
  const [measured] = (await Promise.race([once(child, 'message'), ended])) as [WarmRun];
  ended.catch(() => undefined);
  return measured;
}

interface Request {
  readonly StartTime: number;
  readonly MaxResults: number;
  readonly NextToken?: string;
  readonly MetricQueries: ReadonlyArray<Query>;
}

interface Query {
  readonly Metric: string;
  readonly GroupBy?: { readonly Dimensions: readonly string[] };
  readonly Filter?: Readonly<Record<string, string>>;
}

async function answer(request: IncomingMessage, response: ServerResponse, calls: { published: number }): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const operation = `${request.headers['x-amz-target']}`.replace(/.*\./, '');
  if (operation === 'PutMetricData') calls.published += 1;
  const asked = operation === 'GetResourceMetrics' && (JSON.parse(Buffer.concat(parts).toString()) as Request);
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(JSON.stringify(asked ? pageOf(asked) : {}));
}

function pageOf({ StartTime, MaxResults, NextToken = '0', MetricQueries }: Request): object {
  const series = MetricQueries.flatMap((query) =>
    keysOf(query).map((Key) => ({ Key, DataPoints: [{ Timestamp: StartTime, Value: 1.25 }] })),
  );
  const from = Number(NextToken);
  const more = from + MaxResults < series.length;
  return {
    MetricList: series.slice(from, from + MaxResults),
    ...(more ? { NextToken: `${from + MaxResults}` } : {}),
  };
}

/** The whole, and the key of the filter, or as many as the poller asks for. */
function keysOf({ Metric, GroupBy, Filter }: Query): object[] {
  const keys = Filter === undefined ? Array.from({ length: KEYS_OF_A_GROUP }, (_, index) => `key${index}`) : [];
  const dimension = GroupBy?.Dimensions[0];
  if (dimension === undefined) return [{ Metric }];
  const named = [...keys, ...Object.values(Filter ?? {})];
  return [{ Metric }, ...named.map((key) => ({ Metric, Dimensions: { [dimension]: key } }))];
}
