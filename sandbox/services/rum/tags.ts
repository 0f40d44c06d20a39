/**
 * Tags of app monitors; nothing else in RUM has any. Fifty a monitor: one more is a ValidationException (which of the
 * documented errors AWS uses is not known). Removing a key that is not there is no error.
 */
import type { Call, Document } from '../service';
import { notFound, validationError } from './errors';
import { listTagsPermission, tagPermission, untagPermission } from './permissions';
import { type AppMonitor, monitorArn, type RumOperations, type RumState } from './state';

/** https://docs.aws.amazon.com/cloudwatchrum/latest/APIReference/API_TagResource.html */
const MAX_TAGS = 50;

export function tagOperations(): RumOperations {
  return {
    TagResource: { permissions: (input, _call, state) => [tagPermission(input, state)], handle: tag },
    UntagResource: { permissions: (input, _call, state) => [untagPermission(input, state)], handle: untag },
    ListTagsForResource: { permissions: (input, _call, state) => [listTagsPermission(input, state)], handle: list },
  };
}

export function checkTagCount(tags: ReadonlyMap<string, string>): void {
  if (tags.size > MAX_TAGS) {
    throw validationError(`An app monitor can have ${MAX_TAGS} tags, and this request makes it ${tags.size}`);
  }
}

function tag(input: Document, state: RumState, call: Call): Document {
  const monitor = changeableMonitor(input.ResourceArn, state, call);
  const tags = new Map<string, string>([...monitor.tags, ...Object.entries<string>(input.Tags)]);
  checkTagCount(tags);
  for (const [key, value] of tags) monitor.tags.set(key, value);
  return {};
}

function untag(input: Document, state: RumState, call: Call): Document {
  const monitor = changeableMonitor(input.ResourceArn, state, call);
  for (const key of input.TagKeys) monitor.tags.delete(key);
  return {};
}

function list(input: Document, state: RumState, call: Call): Document {
  const monitor = taggedMonitor(input.ResourceArn, state, call);
  return { ResourceArn: monitor.arn, Tags: Object.fromEntries(monitor.tags) };
}

/** These operations document no Conflict, so a monitor that is being deleted is as good as gone. */
function changeableMonitor(arn: string, state: RumState, call: Call): AppMonitor {
  const monitor = taggedMonitor(arn, state, call);
  if (monitor.deleting) throw notFound('AppMonitor', arn);
  return monitor;
}

function taggedMonitor(arn: string, state: RumState, call: Call): AppMonitor {
  const prefix = monitorArn(call, '');
  const monitor = arn.startsWith(prefix) ? state.monitors.get(arn.slice(prefix.length)) : undefined;
  if (monitor === undefined) throw notFound('AppMonitor', arn);
  return monitor;
}
