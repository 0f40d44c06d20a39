/** Tags of clusters and backups; HSMs have none. */
import type { Call, Document } from '../service';
import { page } from './pages';
import { onResource } from './permissions';
import { type CloudHsmOperations, type CloudHsmState, existingBackup, existingCluster } from './state';
import { addTags, type Tagged, tagContext, tagList, tagsOf } from './tag-rules';

/** The model's `MaxSize`. */
const MAX_PAGE = 100;

export function tagOperations(): CloudHsmOperations {
  return {
    TagResource: {
      permissions: (input, call, state) => [withContext(input, call, state, 'TagResource', tagContext(input))],
      handle: (input, state) => {
        addTags(tagged(input, state), tagsOf(input));
        return {};
      },
    },
    UntagResource: {
      permissions: (input, call, state) => [
        withContext(input, call, state, 'UntagResource', { 'aws:TagKeys': input.TagKeyList }),
      ],
      handle: untag,
    },
    ListTags: {
      permissions: (input, call, state) => [onResource('ListTags', input.ResourceId, call, state)],
      handle: list,
    },
  };
}

function withContext(input: Document, call: Call, state: CloudHsmState, action: string, context: object) {
  const permission = onResource(action, input.ResourceId, call, state);
  return { ...permission, context: { ...permission.context, ...context } };
}

/** A key that is not there is no error. */
function untag(input: Document, state: CloudHsmState): Document {
  const { tags } = tagged(input, state);
  for (const key of input.TagKeyList) tags.delete(key);
  return {};
}

function list(input: Document, state: CloudHsmState): Document {
  const { items, NextToken } = page([...tagged(input, state).tags.keys()], (key) => key, input, { most: MAX_PAGE });
  const { tags } = tagged(input, state);
  const shown = new Map(items.map((key) => [key, tags.get(key)!]));
  return { TagList: tagList(shown), ...(NextToken !== undefined && { NextToken }) };
}

function tagged({ ResourceId }: Document, state: CloudHsmState): Tagged {
  return ResourceId.startsWith('backup-') ? existingBackup(state, ResourceId) : existingCluster(state, ResourceId);
}
