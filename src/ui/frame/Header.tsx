import { useStore } from 'zustand';
import { formatRoute, ROLLOUTS, type Route } from '../../store/route';
import { selectPage, viewStore } from '../../store/viewStore';
import styles from './frame.module.css';
import { PaletteButton } from './PaletteButton';
import { RunPicker } from './RunPicker';
import { ThemeToggle } from './ThemeToggle';

const TABS: readonly { title: string; route: Route }[] = [
  { title: 'Set up', route: { page: 'setup' } },
  { title: 'Train', route: { page: 'train' } },
  { title: 'Rollouts', route: ROLLOUTS },
  { title: 'Review', route: { page: 'review', runId: null } },
  { title: 'Evaluate', route: { page: 'evaluate' } },
  { title: 'Checkpoints', route: { page: 'checkpoints' } },
];

export function Header() {
  const page = useStore(viewStore, selectPage);
  return (
    <header className={styles.bar}>
      <a className={styles.mark} href="#/setup">
        <img src="./icons/autodidact.svg" width={22} height={22} alt="" />
        <span className={styles.name}>Autodidact</span>
      </a>
      <nav className={styles.tabs} aria-label="Screens">
        {TABS.map(({ title, route }) => (
          <a
            key={route.page}
            className={styles.tab}
            href={formatRoute(route)}
            aria-current={page === route.page ? 'page' : undefined}
          >
            {title}
          </a>
        ))}
      </nav>
      <div className={styles.tools}>
        <RunPicker />
        <PaletteButton />
        <ThemeToggle />
      </div>
    </header>
  );
}
