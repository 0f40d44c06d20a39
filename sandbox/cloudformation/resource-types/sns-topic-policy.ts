import type { PolicyDocument } from '../../iam/principal';
import { generatedName } from '../physical-names';
import { immediate } from './immediate';
import type { Task } from './resource-type';
import { unlessGone } from './unless-gone';

/** Replaces the policies of topics; when it goes they have again the one that they began with. */
export const snsTopicPolicy = immediate({
  name: 'AWS::SNS::TopicPolicy',
  properties: ['PolicyDocument', 'Topics'],
  required: ['PolicyDocument', 'Topics'],
  standing: false,

  make(task) {
    apply(task);
    const id = generatedName(task.tools.world.random, task.stack.name, task.logicalId);
    return { physicalId: id, attributes: { Id: id } };
  },

  change(task, current) {
    const topics = topicsOf(task.properties);
    reset(
      task,
      topicsOf(current.properties).filter((topic) => !topics.includes(topic)),
    );
    apply(task);
    return current;
  },

  remove(task, current) {
    reset(task, topicsOf(current.properties));
  },
});

function apply({ tools, properties }: Task): void {
  for (const topic of topicsOf(properties)) tools.topics.setPolicy(topic, properties.PolicyDocument as PolicyDocument);
}

function reset({ tools }: Task, topics: readonly string[]): void {
  for (const topic of topics) unlessGone(() => tools.topics.setPolicy(topic, undefined));
}

function topicsOf({ Topics }: Task['properties']): readonly string[] {
  return Topics as readonly string[];
}
