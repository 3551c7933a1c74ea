import { expect, it } from 'vitest';
import { browserAdvice } from './browserAdvice';

const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';

it.each([
  ['Edge', `${CHROME} Edg/156.0`, 'edge://settings/system'],
  ['Chrome', CHROME, 'chrome://flags'],
  ['Firefox', 'Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0', 'Chrome or Edge'],
  ['Firefox', 'Mozilla/5.0 (Windows NT 10.0; rv:130.0) Gecko/20100101 Firefox/130.0', '141'],
  [
    'Safari',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15',
    '26',
  ],
  ['This browser', 'curl/8', 'Open this page in'],
])('advises %s for %s', (browser, userAgent, step) => {
  const advice = browserAdvice(userAgent, false);
  expect(advice.browser).toBe(browser);
  expect(advice.steps.join(' ')).toContain(step);
});
