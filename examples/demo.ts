import { cloudHsmScenario } from './cloudhsm/scenario';
import { macieScenario } from './macie/scenario';
import { macieClassicScenario } from './macieclassic/scenario';
import { performanceInsightsScenario } from './performanceinsights/scenario';
import { rumScenario } from './rum/scenario';
import { play, type Scenario } from './scenario';
import { delegationScenario } from './sts/delegation-scenario';
import { federationScenario } from './sts/federation-scenario';

const SCENARIOS: readonly Scenario[] = [
  rumScenario,
  cloudHsmScenario,
  performanceInsightsScenario,
  macieClassicScenario,
  macieScenario,
  delegationScenario,
  federationScenario,
];

/** Plays all scenarios, or those whose title contains the first argument. */
async function main(): Promise<void> {
  const wanted = process.argv[2]?.toLowerCase() ?? '';
  const scenarios = SCENARIOS.filter(({ title }) => title.toLowerCase().includes(wanted));
  if (scenarios.length === 0) throw new Error(`no scenario has "${wanted}" in its title`);
  for (const scenario of scenarios) await play(scenario, console.log, process.stdout.isTTY === true);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
