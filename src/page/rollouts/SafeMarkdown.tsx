import { memo } from 'react';
import Markdown, { type Components } from 'react-markdown';
import styles from './rollouts.module.css';

/** Model output is untrusted: drops HTML, fetches no images, and makes no links clickable. */
const SAFE: Components = {
  img: ({ alt }) => <span className="soft">[image{alt ? `: ${alt}` : ''}]</span>,
  a: ({ children, href }) => (
    <span>
      {children}
      {href ? <span className="soft"> ({href})</span> : null}
    </span>
  ),
};

export const SafeMarkdown = memo(function SafeMarkdown({ text }: { text: string }) {
  return (
    <div className={styles.markdown}>
      <Markdown skipHtml components={SAFE}>
        {text}
      </Markdown>
    </div>
  );
});
