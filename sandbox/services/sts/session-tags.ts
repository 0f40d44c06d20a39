import type { Context, Principal } from '../../iam/principal';
import { type Document, ServiceError } from '../service';

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html */
export function checkSessionTags(input: Document, principal: Principal): void {
  const keys = tagsOf(input.Tags).map(([key]) => key.toLowerCase());
  const inherited = Object.keys(inheritedTags(principal)).map((key) => key.toLowerCase());
  if (new Set(keys).size < keys.length) {
    throw invalid('Duplicate tag keys found. Tag keys of a session are not case-sensitive.');
  }
  const reserved = keys.find((key) => key.startsWith('aws:'));
  if (reserved !== undefined) throw invalid(`The tag key '${reserved}' has the prefix aws:, which is reserved.`);
  const repeated = keys.find((key) => inherited.includes(key));
  if (repeated !== undefined) {
    throw invalid(`The tag key '${repeated}' is inherited from the calling session and cannot be set again.`);
  }
  const loose = ((input.TransitiveTagKeys ?? []) as readonly string[]).find((key) => !keys.includes(key.toLowerCase()));
  if (loose !== undefined) throw invalid(`The transitive tag key '${loose}' is not among the requested tags.`);
}

/** The condition keys of a request that sets tags. */
export function tagContext(input: Document): Context {
  const tags = tagsOf(input.Tags);
  return {
    'aws:TagKeys': tags.map(([key]) => key),
    ...Object.fromEntries(tags.map(([key, value]) => [`aws:RequestTag/${key}`, value])),
    'sts:TransitiveTagKeys': input.TransitiveTagKeys ?? [],
  };
}

/** The tags that a role passes on to the next one of a chain. */
export function inheritedTags({ sessionTags = {}, transitiveTagKeys = [] }: Principal): Record<string, string> {
  const transitive = new Set(transitiveTagKeys.map((key) => key.toLowerCase()));
  return Object.fromEntries(Object.entries(sessionTags).filter(([key]) => transitive.has(key.toLowerCase())));
}

export function tagsOf(tags: Document): ReadonlyArray<readonly [string, string]> {
  return ((tags ?? []) as ReadonlyArray<{ Key: string; Value: string }>).map(({ Key, Value }) => [Key, Value]);
}

function invalid(message: string): ServiceError {
  return new ServiceError('InvalidParameterValue', message);
}
