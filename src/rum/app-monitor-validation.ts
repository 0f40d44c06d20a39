import { knownEntries, Validation } from '../core/validation';
import type { AppMonitorProps } from './app-monitor';
import { APP_MONITOR_TYPE } from './provider';

/*
 * Constraints of CreateAppMonitor: https://docs.aws.amazon.com/cloudwatchrum/latest/APIReference/API_CreateAppMonitor.html
 * and API_AppMonitorConfiguration.html, with the limits of the service's current model.
 */
const NAME = /^(?!\.)[.\-_#A-Za-z0-9]+$/;
const TAG_KEY = /^(?!aws:)[a-zA-Z+-=._:/]+$/;
/** What comes after the host is free. */
const PAGE = /^https?:\/\/(www\.)?[-a-zA-Z0-9@:%._+~#=]{1,256}\.[a-zA-Z0-9()]{1,6}\b\S*$/;
/** `localhost`, an IPv4 address, or labels of which the last, and one more before two others, may be a wildcard. */
const DOMAIN = new RegExp(
  [
    '^localhost$',
    '^((25[0-5]|2[0-4][0-9]|[01]?[0-9][0-9]?)\\.){3}(25[0-5]|2[0-4][0-9]|[01]?[0-9][0-9]?)$',
    '^(?=[a-zA-Z0-9.*-]{4,253}$)(?!.*\\.-)(?!.*-\\.)(?!.*\\.\\.)(?!.*[^.]{64,})' +
      '(\\*\\.)?(?![-.*])[^*]+\\.(\\*|(?!.*--)(?=.*[a-zA-Z])[^*]+[^*-])$',
  ].join('|'),
);
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
  const property = domain === undefined ? 'domainList' : 'domain';
  for (const name of [domain, ...knownEntries(domainList)]) {
    validation
      .length(property, name, 1, 253)
      .pattern(
        property,
        name,
        DOMAIN,
        'be a host name such as example.com, with "*" at most as its first or last label, an IPv4 address or localhost, without scheme, port or path',
      );
  }
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
    for (const page of knownEntries(pages)) {
      validation
        .length(property, page, 1, 1260)
        .pattern(property, page, PAGE, 'be a URL such as https://example.com/page');
    }
  }
}

/** For the tags that a monitor has at synthesis, with those that came by `Tags.of()`. */
export function tagProblems(tags: Readonly<Record<string, string>>): string[] {
  const validation = new Validation('tags');
  validateTags(validation, tags);
  return validation
    .all()
    .map(
      (problem) =>
        `${problem}; where Tags.of(…).add() is meant for other resources, pass it excludeResourceTypes: ['${APP_MONITOR_TYPE}'], or use Tags.of(monitor).remove()`,
    );
}

function validateTags(validation: Validation, tags: Readonly<Record<string, string>>): void {
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
