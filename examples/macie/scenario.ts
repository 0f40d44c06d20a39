import { macie } from '../../src';
import { ArchiveStack as ClassicArchiveStack } from '../macieclassic/archive-stack';
import { type Scenario, synth } from '../scenario';
import { ArchiveStack, type ArchiveStackProps } from './archive-stack';

const classic = () => synth((app) => new ClassicArchiveStack(app, 'Archive'));
const archive = (props: ArchiveStackProps = {}) => synth((app) => new ArchiveStack(app, 'Archive', props));

/** The way over from Macie Classic, and the life of jobs that cannot be changed. */
export const macieScenario: Scenario = {
  title: 'Macie today: the archive moves over',
  steps: [
    {
      title: 'as it was: an archive that Macie Classic monitors',
      run: (sandbox) => sandbox.deploy(classic()),
      ends: 'CREATE_COMPLETE',
    },
    {
      title: 'the way over: Macie is enabled, jobs begin, and then the associations go',
      run: (sandbox) => sandbox.deploy(archive()),
      ends: 'UPDATE_COMPLETE',
    },
    {
      title: 'replace: Macie changes no job, so a new one begins and the old one is cancelled',
      run: (sandbox) => sandbox.deploy(archive({ review: macie.JobSchedule.monthly(1) })),
      ends: 'UPDATE_COMPLETE',
    },
    {
      title: 'delete everything',
      run: (sandbox) => sandbox.destroy(archive()),
      ends: 'DELETE_COMPLETE',
    },
  ],
};
