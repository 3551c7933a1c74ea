import { DeviceCard } from './DeviceCard';
import { DataCard } from './data/DataCard';
import { GraderCheckCard } from './GraderCheckCard';
import { MemoryPlan } from './MemoryPlan';
import { ModelCard } from './ModelCard';
import { RecipeCard } from './recipe/RecipeCard';
import { RecipeLinkLine } from './recipe/RecipeLinkLine';
import { StartPanel } from './StartPanel';
import styles from './setup.module.css';

export function SetupPage() {
  return (
    <>
      <div className={styles.intro}>
        <h1 className={styles.lead}>A model that learns from its own grades</h1>
        <p className="soft">
          It answers each prompt several times, grades every answer against a rubric, and learns from the better ones.
          Everything runs here, on your own graphics card.
        </p>
      </div>
      <RecipeLinkLine />
      <DeviceCard />
      <ModelCard />
      <DataCard />
      <RecipeCard />
      <MemoryPlan />
      <GraderCheckCard />
      <StartPanel />
    </>
  );
}
