import { useStore } from 'zustand';
import { RunPicker } from '../run/RunPicker';
import { PaletteButton } from './PaletteButton';
import { formatRoute, ROLLOUTS, type Route } from './route';
import styles from './shell.module.css';
import { ThemeToggle } from './ThemeToggle';
import { selectPage, viewStore } from './viewStore';

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
