/** Tags of jobs; other resources of Macie are not modelled. Removing a key that is not there is no error. */
import type { Document } from '../service';
import { notFound } from './errors';
import { jobByArn, onTagged } from './permissions';
import type { Job, Macie2Operations, Macie2State } from './state';
import { checkTags } from './tag-rules';

export function tagOperations(): Macie2Operations {
  return {
    TagResource: {
      permissions: (input, _call, state) => [onTagged('TagResource', input, state)],
      handle(input, state) {
        const { tags } = tagged(input, state);
        checkTags({ ...Object.fromEntries(tags), ...input.tags });
        for (const [key, value] of Object.entries<string>(input.tags)) tags.set(key, value);
        return {};
      },
    },
    UntagResource: {
      permissions: (input, _call, state) => [onTagged('UntagResource', input, state)],
      handle(input, state) {
        const { tags } = tagged(input, state);
        for (const key of input.tagKeys) tags.delete(key);
        return {};
      },
    },
    ListTagsForResource: {
      permissions: (input, _call, state) => [onTagged('ListTagsForResource', input, state)],
      handle: (input, state) => ({ tags: Object.fromEntries(tagged(input, state).tags) }),
    },
  };
}

function tagged({ resourceArn }: Document, state: Macie2State): Job {
  const job = jobByArn(resourceArn, state);
  if (job === undefined) throw notFound(`The request failed because ${resourceArn} doesn't exist`);
  return job;
}
