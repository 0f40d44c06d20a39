import { Token } from 'aws-cdk-lib';
import { Validation } from '../core/validation';
import type { AppMonitorProps } from './app-monitor';

/*
 * Constraints of CreateAppMonitor: https://docs.aws.amazon.com/cloudwatchrum/latest/APIReference/API_CreateAppMonitor.html
 * and API_AppMonitorConfiguration.html, with the limits of the service's current model.
 */
const NAME = /^(?!\.)[.\-_#A-Za-z0-9]+$/;
const TAG_KEY = /^(?!aws:)[a-zA-Z+-=._:/]+$/;
const PAGE = /^https?:\/\/(www\.)?[-a-zA-Z0-9@:%._+~#=]{1,256}\.[a-zA-Z0-9()]{1,6}\b[-a-zA-Z0-9()@:%_+.~#?&/=*]*$/;
const VERSION = /^\d+\.(x|\d+\.(x|\d+))$/;
const S3_URI = /^s3:\/\/[a-z0-9][-.a-z0-9]{1,62}(\/[-!_*'().a-zA-Z0-9]+)*\/?$/;
const MAX_TAGS = 50;
/** The tags by which the handler knows its own, one of them on replacements only. */
const RESERVED_TAGS = 3;

/** Fails with everything that is wrong with the props; tokens are left to the service. */
export function validateAppMonitor(path: string, props: AppMonitorProps): void {
  const validation = new Validation(path)
    .length('appMonitorName', props.appMonitorName, 1, 255)
    .pattern('appMonitorName', props.appMonitorName, NAME, 'consist of letters, digits and .-_# and not begin with "."')
    .range('sessionSampleRate', props.sessionSampleRate, 0, 1)
    .pattern(
      'webClient.clientVersion',
      props.webClient?.clientVersion,
      VERSION,
      'be a version such as 3.2.1, 3.2.x or 3.x',
    )
    .length('javaScriptSourceMaps', props.javaScriptSourceMaps, 1, 1024)
    .pattern('javaScriptSourceMaps', props.javaScriptSourceMaps, S3_URI, 'be an S3 URI such as s3://bucket/path');
  validateDomains(validation, props);
  validatePages(validation, props);
  validateTags(validation, props.tags ?? {});
  validation.throwIfInvalid();
}

function validateDomains(validation: Validation, { domain, domainList }: AppMonitorProps): void {
  validation.require(
    (domain === undefined) !== (domainList === undefined),
    `pass either domain or domainList, got ${domain === undefined ? 'neither' : 'both'}`,
  );
  validation.count('domainList', domainList, 1, 5);
  for (const name of [domain, ...(domainList ?? [])]) {
    if (name === undefined || Token.isUnresolved(name)) continue;
    validation
      .length('domain', name, 1, 253)
      .check(
        'domain',
        name,
        isDomain(name),
        'be a host name such as example.com, with "*" at most as its first or last label, an IPv4 address or localhost, without scheme, port or path',
      );
  }
}

/** `localhost`, an IPv4 address, or at least two labels of which the first or the last may be a wildcard. */
export function isDomain(domain: string): boolean {
  if (domain === 'localhost') return true;
  if (/^\d+(\.\d+){3}$/.test(domain)) return domain.split('.').every((part) => Number(part) <= 255);
  const labels = domain.split('.');
  const named = labels.slice(labels[0] === '*' ? 1 : 0, labels.at(-1) === '*' ? -1 : undefined);
  return (
    labels.length >= 2 && named.length >= 1 && named.every((label) => /^(?!-)[A-Za-z0-9-]{1,63}(?<!-)$/.test(label))
  );
}

function validatePages(validation: Validation, props: AppMonitorProps): void {
  const { includedPages, excludedPages, favoritePages } = props;
  validation
    .count('includedPages', includedPages, 0, 50)
    .count('excludedPages', excludedPages, 0, 50)
    .count('favoritePages', favoritePages, 0, 50)
    .require(
      !(includedPages?.length && excludedPages?.length),
      'includedPages and excludedPages exclude each other; keep one of them',
    );
  for (const [property, pages] of Object.entries({ includedPages, excludedPages })) {
    for (const page of pages ?? []) {
      validation
        .length(property, page, 1, 1260)
        .pattern(property, page, PAGE, 'be a URL such as https://example.com/page');
    }
  }
}

function validateTags(validation: Validation, tags: { [key: string]: string }): void {
  validation.count('tags', Object.keys(tags), 0, MAX_TAGS - RESERVED_TAGS);
  for (const [key, value] of Object.entries(tags)) {
    validation
      .length(`tags key "${key}"`, key, 1, 128)
      .pattern('tags key', key, TAG_KEY, 'consist of letters, digits and +-=.,:;</_ and not begin with "aws:"')
      .require(
        !key.startsWith('cdk-settled:'),
        `tags key "${key}" is reserved; choose another prefix than "cdk-settled:"`,
      )
      .length(`tags value of "${key}"`, value, 0, 256);
  }
}
