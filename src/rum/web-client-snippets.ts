import { Token } from 'aws-cdk-lib';
import type { WebClient } from './web-client';

/** What the snippets are made of; strings and numbers may be tokens. */
export interface WebClientConfiguration {
  readonly appMonitorId: string;
  readonly region: string;
  readonly urlSuffix: string;
  readonly clientVersion: string;
  readonly applicationVersion: string;
  readonly sessionSampleRate: number;
  readonly identityPoolId?: string;
  /** Of the classic flow only: with it, the client assumes the role itself. */
  readonly guestRoleArn?: string;
  readonly telemetries: string[];
  readonly allowCookies: boolean;
  readonly enableXRay: boolean;
}

export const DEFAULT_CLIENT_VERSION = '3.2.1';
export const DEFAULT_APPLICATION_VERSION = '1.0.0';

export function renderWebClient(settings: WebClientConfiguration): WebClient {
  const configuration = renderConfiguration(settings);
  return {
    configuration,
    scriptTag: renderScriptTag(settings, configuration),
    npmModule: renderNpmModule(settings, configuration),
  };
}

/** The CDN serves all regions and partitions from this place. */
const CDN = 'https://client.rum.us-east-1.amazonaws.com';

function renderConfiguration(settings: WebClientConfiguration): string {
  const entries: Array<[string, unknown]> = [
    ['sessionSampleRate', settings.sessionSampleRate],
    ['guestRoleArn', settings.guestRoleArn],
    ['identityPoolId', settings.identityPoolId],
    // Explicit, since version 3 of the client takes us-west-2 where nothing is given.
    ['endpoint', `https://dataplane.rum.${settings.region}.${settings.urlSuffix}`],
    // Explicit, since version 3 of the client records sessions where nothing is given.
    ['telemetries', settings.telemetries],
    ['allowCookies', settings.allowCookies],
    ['enableXRay', settings.enableXRay],
    ['signing', true],
  ];
  const present = entries.filter(([, value]) => value !== undefined);
  return `{${present.map(([key, value]) => `${literal(key)}:${literal(value)}`).join(',')}}`;
}

/** Queues calls until the client has loaded and takes the queue over: the protocol of `cwr.js`. */
const LOADER = [
  '(function(name,id,version,region,source,config){',
  'var client=window.AwsRumClient={q:[],n:name,i:id,v:version,r:region,c:config};',
  'window[name]=function(command,payload){client.q.push({c:command,p:payload})};',
  "var script=document.createElement('script');script.async=true;script.src=source;",
  'document.head.appendChild(script)})',
].join('');

function renderScriptTag(settings: WebClientConfiguration, configuration: string): string {
  const source = `${CDN}/${settings.clientVersion}/cwr.js`;
  const values = ['cwr', settings.appMonitorId, settings.applicationVersion, settings.region, source].map(literal);
  return `<script>${LOADER}(${values.join(',')},${configuration});</script>`;
}

function renderNpmModule(settings: WebClientConfiguration, configuration: string): string {
  const values = [settings.appMonitorId, settings.applicationVersion, settings.region].map(literal);
  return [
    "import { AwsRum } from 'aws-rum-web';",
    '',
    'export let awsRum;',
    'try {',
    `  awsRum = new AwsRum(${values.join(', ')}, ${configuration});`,
    '} catch (error) {',
    '  // Monitoring must never break the application.',
    '}',
    '',
  ].join('\n');
}

/**
 * A value as a JavaScript literal that is safe inside of a script element. Tokens pass as they are: those that come here
 * are ids, names and ARNs whose characters need no escape.
 */
function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(',')}]`;
  if (typeof value === 'number' && Token.isUnresolved(value)) return Token.asString(value);
  return JSON.stringify(value)
    .replace(/</g, '\\u003c')
    .replace(/>/g, '\\u003e')
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029');
}
