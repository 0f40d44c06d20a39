import type { Measure } from './measure';
import { onStage } from './stage';

const MONITORS = 450;
const MAX_SECONDS = 60;

/** A large stack in the sandbox, in real time. */
export const scale: Measure = () =>
  onStage({ rum: { quotas: { appMonitors: MONITORS } } }, async (stage) => {
    const { clock } = stage.sandbox;
    const directory = stage.synth(MONITORS);
    const [start, virtualStart] = [performance.now(), clock.now()];
    await stage.deploy(directory);
    const seconds = (performance.now() - start) / 1000;
    const virtualSeconds = (clock.now() - virtualStart) / 1000;
    return [
      {
        name: `scale: deployment of ${MONITORS} monitors in the sandbox`,
        value: `${seconds.toFixed(1)} s`,
        figures: { monitors: MONITORS, seconds, virtualSeconds },
        beside: `${virtualSeconds.toFixed(0)} s of virtual time`,
        target: { text: `< ${MAX_SECONDS} s`, met: seconds < MAX_SECONDS },
      },
    ];
  });
