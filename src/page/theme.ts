import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

// Shade 6 is the blue of the colour-blind-safe set (#0072B2); white on it has a contrast of 5.2.
const ink: MantineColorsTuple = [
  '#e8f4fb',
  '#cfe6f4',
  '#9fcde9',
  '#6cb3de',
  '#419dd4',
  '#1f88c6',
  '#0072b2',
  '#00649d',
  '#005587',
  '#004670',
];

// From text to the deepest background: the neutrals of app.css, for what the kit draws itself.
const dark: MantineColorsTuple = [
  '#e9e7e2',
  '#c9ccd0',
  '#a6abb2',
  '#757b83',
  '#454b52',
  '#363b41',
  '#202428',
  '#1c1f23',
  '#15171a',
  '#101214',
];

export const theme = createTheme({
  colors: { ink, dark },
  primaryColor: 'ink',
  primaryShade: 6,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  defaultRadius: 6,
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontSizes: { xs: '13px', sm: '15px', md: '15px', lg: '18px', xl: '28px' },
});

/** Mantine's own surfaces take the paper's colours (app.css). */
export const cssVariables: CSSVariablesResolver = () => {
  const paper = {
    '--mantine-color-body': 'var(--paper)',
    '--mantine-color-text': 'var(--ink)',
    '--mantine-color-dimmed': 'var(--ink-soft)',
    '--mantine-color-default': 'var(--sheet)',
    '--mantine-color-default-border': 'var(--line-strong)',
    '--mantine-color-anchor': 'var(--accent)',
    '--mantine-color-placeholder': 'var(--ink-soft)',
    '--mantine-color-error': 'var(--harm)',
  };
  // The kit's red text on dark is nearly white.
  return { variables: {}, light: paper, dark: { ...paper, '--mantine-color-red-light-color': 'var(--harm)' } };
};
