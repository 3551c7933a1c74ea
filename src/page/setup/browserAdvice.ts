export interface BrowserAdvice {
  readonly browser: string;
  readonly steps: readonly string[];
}

/** Steps for this browser when WebGPU is missing or runs on the processor. The user agent may be wrong. */
export function browserAdvice(userAgent: string, software: boolean): BrowserAdvice {
  const linux = /linux/i.test(userAgent) && !/android/i.test(userAgent);
  if (/edg\//i.test(userAgent)) return { browser: 'Edge', steps: chromium('edge', linux) };
  if (/firefox\//i.test(userAgent)) {
    return {
      browser: 'Firefox',
      steps: linux
        ? ['Firefox on Linux has no WebGPU in its stable release yet.', 'Open this page in Chrome or Edge instead.']
        : ['Update Firefox: Windows needs 141 or newer, a Mac 145 or newer.', 'Then reload this page.'],
    };
  }
  if (/chrome\/|chromium\//i.test(userAgent)) return { browser: 'Chrome', steps: chromium('chrome', linux) };
  if (/safari\//i.test(userAgent)) {
    return {
      browser: 'Safari',
      steps: [
        'Safari has WebGPU from version 26 (macOS, iOS and iPadOS 26).',
        'Update the system, or open this page in Chrome.',
      ],
    };
  }
  return {
    browser: 'This browser',
    steps: [
      software
        ? 'Turn on hardware acceleration in the browser’s settings.'
        : 'Open this page in Chrome, Edge, Safari 26 or Firefox 145.',
    ],
  };
}

function chromium(name: 'chrome' | 'edge', linux: boolean): string[] {
  return [
    `Open ${name}://settings/system and turn on “Use graphics acceleration when available”.`,
    ...(linux
      ? [`On Linux, open ${name}://flags and enable “Unsafe WebGPU Support” and “Vulkan”.`]
      : [`Update the graphics driver, and check the WebGPU line of ${name}://gpu.`]),
    'Restart the browser and reload this page.',
  ];
}
