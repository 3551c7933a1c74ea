const PATHS = {
  check: 'M3.5 8.5 6.5 11.5 12.5 4.5',
  cross: 'M4.5 4.5 11.5 11.5 M11.5 4.5 4.5 11.5',
  warning: 'M8 2.5 14 13.5 H2 Z M8 6.5 V9.5 M8 11.4 V11.6',
  ungraded: 'M8 2.6 A5.4 5.4 0 1 1 7.99 2.6 Z',
  info: 'M8 1.8 A6.2 6.2 0 1 1 7.99 1.8 Z M8 7.2 V11.2 M8 4.8 V5',
  pause: 'M5.5 3.5 V12.5 M10.5 3.5 V12.5',
  play: 'M5 3.2 12.5 8 5 12.8 Z',
  step: 'M4 3.5 9.5 8 4 12.5 Z M12 3.5 V12.5',
  stop: 'M4 4 H12 V12 H4 Z',
  sun: 'M8 5 A3 3 0 1 1 7.99 5 Z M8 1 V2.4 M8 13.6 V15 M1 8 H2.4 M13.6 8 H15 M3 3 4 4 M12 12 13 13 M3 13 4 12 M12 4 13 3',
  moon: 'M12.8 9.8 A5.6 5.6 0 1 1 6.2 3.2 A4.6 4.6 0 0 0 12.8 9.8 Z',
  search: 'M7 2.5 A4.5 4.5 0 1 1 6.99 2.5 Z M10.5 10.5 14 14',
  more: 'M3.5 8 V8.01 M8 8 V8.01 M12.5 8 V8.01',
  left: 'M10 3.5 5.5 8 10 12.5',
  right: 'M6 3.5 10.5 8 6 12.5',
  down: 'M3.5 6 8 10.5 12.5 6',
  download: 'M8 2.5 V10 M4.8 7 8 10.2 11.2 7 M3 13.5 H13',
  trash: 'M3 4.5 H13 M6 4.5 V2.8 H10 V4.5 M4.5 4.5 5 13.5 H11 L11.5 4.5',
  file: 'M4 2 H9.5 L12.5 5 V14 H4 Z M9.5 2 V5 H12.5',
  dot: 'M8 6 A2 2 0 1 1 7.99 6 Z',
} as const;

export type IconName = keyof typeof PATHS;

/** Drawn here rather than fetched. Decorative: the word beside it, or the button's label, says what it means. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === 'more' ? 2.4 : 1.6}
      strokeLinecap="round"
      strokeLinejoin="round"
      strokeDasharray={name === 'ungraded' ? '2.2 2.4' : undefined}
      aria-hidden="true"
      style={{ flex: 'none' }}
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
