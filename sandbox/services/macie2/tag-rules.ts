import { validation } from './errors';

/** https://docs.aws.amazon.com/macie/latest/APIReference/tags-resourcearn.html */
const MAX_TAGS = 50;
const KEY_LENGTH = 128;
const VALUE_LENGTH = 256;

/** The tags that a job has or would have. Which error AWS uses for a 51st is not known. */
export function checkTags(tags: Readonly<Record<string, string>>): void {
  const count = Object.keys(tags).length;
  if (count > MAX_TAGS) throw validation(`a job can have ${MAX_TAGS} tags, and this request makes it ${count}`);
  for (const [key, value] of Object.entries(tags)) {
    if (key.length < 1 || key.length > KEY_LENGTH)
      throw validation(`tag key '${key}' must have 1 to ${KEY_LENGTH} characters`);
    if (/^aws:/i.test(key)) throw validation(`tag key '${key}' begins with 'aws:', which is reserved`);
    if (value.length > VALUE_LENGTH)
      throw validation(`the value of tag '${key}' must have at most ${VALUE_LENGTH} characters`);
  }
}
