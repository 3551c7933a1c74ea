import { memo } from 'react';
import Markdown, { type Components } from 'react-markdown';
import styles from './rollouts.module.css';

/** Models write what they like: no HTML is kept, no image is fetched, and no link can be followed by accident. */
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
